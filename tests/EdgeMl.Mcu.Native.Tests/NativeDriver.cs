using System.Diagnostics;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Native.Tests;

/// <summary>The test driver of <c>firmware/native</c>, built by its makefile with the compilers of this machine.</summary>
public sealed class NativeDriver
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(10);
    private static readonly Lock Building = new();

    private readonly string _target;
    private readonly string _file;
    private readonly string[] _tools;
    private readonly Lazy<string> _path;

    private NativeDriver(string name, string target, string file, params string[] tools)
    {
        Name = name;
        _target = target;
        _file = file;
        _tools = tools;
        _path = new Lazy<string>(Build);
    }

    /// <summary>For this machine.</summary>
    public static NativeDriver Host { get; } = new("host", "host", "host/edgeml-run", "make", "cc");

    /// <summary>For this machine; it stops at the first read or write outside an object and at undefined arithmetic.</summary>
    public static NativeDriver Sanitized { get; } = new("sanitized host", "sanitized", "sanitized/edgeml-run", "make", "cc");

    /// <summary>For an emulated Cortex-M4, which counts instructions.</summary>
    public static NativeDriver CortexM4 { get; } = new("Cortex-M4", "m4", "m4/edgeml-run.elf", "make", "arm-none-eabi-gcc", "qemu-system-arm");

    /// <summary>The driver of a name.</summary>
    public static NativeDriver Named(string name) => new[] { Host, Sanitized, CortexM4 }.Single(driver => driver.Name == name);

    /// <summary>Where <c>make</c> puts what it builds.</summary>
    public static string BuildFolder => Repository.PathOf("artifacts/native");

    /// <summary>Name for messages.</summary>
    public string Name { get; }

    /// <summary>Whether the machine has what building and running takes.</summary>
    public bool IsAvailable => _tools.All(IsInstalled);

    /// <summary>Why tests are skipped.</summary>
    public string Missing => $"The {Name} build of firmware/native needs {string.Join(", ", _tools.Where(tool => !IsInstalled(tool)))}.";

    /// <summary>Runs the driver with arguments and gives what it prints.</summary>
    public string Run(params string[] arguments)
    {
        ProcessResult result = ProcessResult.Run(Start(arguments), RunLimit);
        Assert.True(result.ExitCode == 0, $"{Name}: exit code {result.ExitCode}\n{result.Output}");
        return result.Output;
    }

    /// <summary>Runs <c>make</c> and gives what it prints.</summary>
    public static string Make(string target)
    {
        lock (Building)
        {
            var start = new ProcessStartInfo("make", ["-s", "-C", Repository.PathOf("firmware/native"), $"BUILD={BuildFolder}", target]) { RedirectStandardOutput = true, RedirectStandardError = true };
            ProcessResult result = ProcessResult.Run(start, BuildLimit);
            Assert.True(result.ExitCode == 0, $"make {target}\n{result.Output}");
            return result.Output;
        }
    }

    private string Build()
    {
        Make(_target);
        return Path.Combine(BuildFolder, _file);
    }

    private ProcessStartInfo Start(string[] arguments)
    {
        string program = _path.Value;
        if (this != CortexM4)
            return new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        string commandLine = string.Concat(arguments.Prepend("edgeml-run").Select(argument => $",arg={argument}"));
        string[] options =
        [
            "-M", "mps2-an386", "-nographic", "-monitor", "none", "-serial", "none", "-icount", "shift=6",
            "-semihosting-config", $"enable=on,target=native{commandLine}", "-kernel", program,
        ];
        return new ProcessStartInfo("qemu-system-arm", options) { RedirectStandardOutput = true, RedirectStandardError = true };
    }

    private static bool IsInstalled(string tool) =>
        ExternalProgram.Find(tool) is not null;
}
