using System.Threading;
using EdgeMl.Mcu.Agent.Timing;

namespace EdgeMl.Mcu.Device.Application;

/// <summary>
/// Restarts the device when its main loop has not come round for too long. It is a thread beside the loop: it ends what hangs in managed code or waits for ever,
/// not what hangs in the firmware, whose own watchdogs are not for managed code.
/// </summary>
public sealed class LoopGuard
{
    /// <summary>Longest round in milliseconds: an inference of the largest models takes seconds, the verification of an update a minute.</summary>
    public const int RoundMax = 300_000;

    private const int LookEvery = 5_000;

    private readonly object _lock = new object();
    private readonly BoardPort _board;
    private readonly Deadline _round = new Deadline();

    /// <summary>Creates a guard that waits for the first round.</summary>
    public LoopGuard(BoardPort board)
    {
        _board = board;
        Feed();
    }

    /// <summary>Whether the loop has not come round for too long.</summary>
    public bool IsOverdue
    {
        get
        {
            lock (_lock)
                return _round.IsDue(_board.Clock.Milliseconds);
        }
    }

    /// <summary>To be called in each round of the loop.</summary>
    public void Feed()
    {
        lock (_lock)
            _round.Set(_board.Clock.Milliseconds, RoundMax);
    }

    /// <summary>Watches for as long as the device runs: the body of the guard's own thread.</summary>
    public void Run()
    {
        while (!IsOverdue)
            Thread.Sleep(LookEvery);
        _board.Log("the main loop hangs: restart");
        _board.Reboot();
    }
}
