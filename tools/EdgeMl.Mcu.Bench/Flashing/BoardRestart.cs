using System.Text;
using EdgeMl.Mcu.Bench.WireProtocol;

namespace EdgeMl.Mcu.Bench.Flashing;

/// <summary>Restarts a board's CLR, so that it either stops before it loads anything or starts its application.</summary>
/// <param name="connection">An open connection; the caller keeps it.</param>
/// <param name="client">Its commands.</param>
public sealed class BoardRestart(WireConnection connection, WireClient client)
{
    private const int PollMilliseconds = 50;
    private const ClrStates Begun = ClrStates.ResolutionFailed | ClrStates.ProgramRunning | ClrStates.ProgramExited;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>Restarts into a CLR that has loaded nothing: flash can be erased under it without a program executing from there.</summary>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.NoAnswer"/> where the board does not come back.</exception>
    public void Hold(CancellationToken cancellationToken)
    {
        connection.HoldsAtStart = true;
        Restart(cancellationToken);
        // A CLR that cannot restart alone does not wait: then at least nothing more is executed.
        if (!client.States().HasFlag(ClrStates.Stopped))
            client.Pause();
    }

    /// <summary>Restarts and waits until the application runs, has ended, or could not be started.</summary>
    /// <returns>The state, and what the board said meanwhile.</returns>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.NoAnswer"/> where the board does not come back.</exception>
    public (ClrStates States, string Output) Start(CancellationToken cancellationToken)
    {
        var output = new StringBuilder();
        connection.HoldsAtStart = false;
        connection.Output += Capture;
        try
        {
            Restart(cancellationToken);
            ClrStates states = WaitForProgram(cancellationToken);
            lock (output)
                return (states, output.ToString());
        }
        finally
        {
            connection.Output -= Capture;
        }

        void Capture(byte[] bytes)
        {
            lock (output)
                output.Append(Encoding.UTF8.GetString(bytes));
        }
    }

    /// <summary>Restarts without waiting, after something else went wrong; a board that does not answer is left as it is.</summary>
    public void TryStart()
    {
        connection.HoldsAtStart = false;
        try
        {
            client.RebootClr();
        }
        catch (BenchException)
        {
            // The failure that led here says more.
        }
    }

    private void Restart(CancellationToken cancellationToken)
    {
        using var started = new ManualResetEventSlim();
        connection.Started += started.Set;
        try
        {
            client.Reboot(client.CanRestartClr() ? RebootOptions.ClrOnly | RebootOptions.WaitForDebugger : RebootOptions.Normal);
            if (!started.Wait(Timeout, cancellationToken))
                throw new BenchException(BenchErrorCodes.NoAnswer, $"The board on {connection.PortName} did not start again within {Timeout.TotalSeconds:0} s.", "Press reset; 'edgeml monitor' shows what it says.");
        }
        finally
        {
            connection.Started -= started.Set;
        }
    }

    private ClrStates WaitForProgram(CancellationToken cancellationToken)
    {
        for (int waited = 0; waited < Timeout.TotalMilliseconds; waited += PollMilliseconds)
        {
            ClrStates states = client.States();
            // The answer to the board's ping may have got lost on the line.
            if (states.HasFlag(ClrStates.Stopped))
                client.Resume();
            else if ((states & Begun) != 0)
                return states;
            cancellationToken.WaitHandle.WaitOne(PollMilliseconds);
            cancellationToken.ThrowIfCancellationRequested();
        }
        throw new BenchException(BenchErrorCodes.NotLoaded, $"The board on {connection.PortName} loads its application for more than {Timeout.TotalSeconds:0} s.", "'edgeml monitor --restart' shows what it says.");
    }
}
