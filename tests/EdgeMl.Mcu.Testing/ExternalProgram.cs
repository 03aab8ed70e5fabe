using System.Diagnostics;
using System.Text;
using Xunit;

namespace EdgeMl.Mcu.Testing;

/// <summary>A real program of somebody else that a test talks to. It is killed with the test.</summary>
public sealed class ExternalProgram : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private ExternalProgram(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.AppendLine(line.Data);
        };
        process.Start();
        process.BeginErrorReadLine();
    }

    /// <summary>What the program writes to standard output. Nobody else reads it: a program that writes much waits for the test.</summary>
    public StreamReader Output => _process.StandardOutput;

    /// <summary>The program's standard input.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What the program wrote to standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    /// <summary>The path of a program, or null if this machine does not have it.</summary>
    public static string? Find(string name)
    {
        string folders = Environment.GetEnvironmentVariable("PATH") + Path.PathSeparator + "/usr/sbin";
        return folders.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>The path of a program; without it the test is skipped.</summary>
    public static string Need(string name, string package)
    {
        string? path = Find(name);
        Assert.SkipWhen(path is null, $"{name} is not installed (Debian package {package})");
        return path!;
    }

    /// <summary>Starts a program.</summary>
    public static ExternalProgram Start(string path, params string[] arguments) => Start(path, null, arguments);

    /// <summary>Starts a program with further environment variables.</summary>
    public static ExternalProgram Start(string path, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new ExternalProgram(new Process { StartInfo = start });
    }

    /// <summary>Waits for the end and expects success.</summary>
    public async Task ExpectSuccessAsync()
    {
        int code = await ExitAsync();
        Assert.True(code == 0, $"exit code {code}: {Errors}");
    }

    /// <summary>Waits for the end, and for everything that the program wrote, and gives the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience.Limit);
        return _process.ExitCode;
    }

    /// <summary>The next line of standard output, or null at its end.</summary>
    public async Task<string?> ReadLineAsync() =>
        await Output.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience.Limit);

    /// <summary>Kills the program and those that it started.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
