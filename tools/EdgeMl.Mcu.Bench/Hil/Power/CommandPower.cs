using System.ComponentModel;
using System.Diagnostics;
using EdgeMl.Mcu.Bench.Hil.Configuration;

namespace EdgeMl.Mcu.Bench.Hil.Power;

/// <summary>A supply that programs switch: a USB relay's, <c>uhubctl</c>, a laboratory supply's.</summary>
/// <param name="configuration">The commands.</param>
/// <param name="timeout">The longest that a command may take; null for 30 seconds.</param>
public sealed class CommandPower(PowerConfiguration configuration, TimeSpan? timeout = null) : BoardPower
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public override async Task OffAsync(CancellationToken cancellationToken)
    {
        await RunAsync(configuration.Off, cancellationToken);
        await Task.Delay(configuration.SettleMilliseconds, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task OnAsync(CancellationToken cancellationToken) => RunAsync(configuration.On, cancellationToken);

    private async Task RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        using Process process = Start(command);
        TimeSpan limit = timeout ?? DefaultTimeout;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            string error = await process.StandardError.ReadToEndAsync(deadline.Token);
            await output;
            await process.WaitForExitAsync(deadline.Token);
            if (process.ExitCode != 0)
                throw Failed($"'{string.Join(' ', command)}' ended with {process.ExitCode}{(error.Trim() is { Length: > 0 } text ? $": {text.ReplaceLineEndings(" ")}" : "")}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw Failed($"'{string.Join(' ', command)}' did not end within {limit.TotalSeconds:0.#} s");
        }
    }

    private static Process Start(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new BenchException(BenchErrorCodes.ToolMissing, $"The power command '{command[0]}' cannot be started: {e.Message}.", "Install it, or give its full path in the bench's file.", e);
        }
    }

    private static BenchException Failed(string what) =>
        new(BenchErrorCodes.PowerSwitch, $"The power switch failed: {what}.", "Run the command by hand; it may need rights on the USB device.");
}
