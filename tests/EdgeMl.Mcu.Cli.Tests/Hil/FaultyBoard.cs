using EdgeMl.Mcu.Bench.Hil.Boards;
using EdgeMl.Mcu.Bench.Hil.Power;
using EdgeMl.Mcu.Bench.WireProtocol;

namespace EdgeMl.Mcu.Cli.Tests.Hil;

/// <summary>A virtual board with another power switch than its own.</summary>
internal sealed class FaultyBoard(BoardUnderTest board, Func<BoardPower, BoardPower> power) : BoardUnderTest
{
    public override string WirePort => board.WirePort;

    public override string LinkPort => board.LinkPort;

    public override int LinkBaudRate => board.LinkBaudRate;

    public override BoardPower? Power { get; } = power(board.Power!);

    public override bool IsVirtual => board.IsVirtual;

    public override bool HasApplication => board.HasApplication;

    public override IReadOnlyList<NanoAssemblyFile> Application() => board.Application();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            board.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A switch that counts, and of whose two positions each may do nothing.</summary>
internal sealed class FaultySwitch(BoardPower power, bool switchesOff, bool switchesOn) : BoardPower
{
    /// <summary>Whether the board was last told to be on.</summary>
    public bool IsOn { get; private set; } = true;

    /// <summary>Called when it was switched off.</summary>
    public Action? SwitchedOff { get; init; }

    public override async Task OffAsync(CancellationToken cancellationToken)
    {
        IsOn = false;
        if (switchesOff)
            await power.OffAsync(cancellationToken);
        SwitchedOff?.Invoke();
        cancellationToken.ThrowIfCancellationRequested();
    }

    public override Task OnAsync(CancellationToken cancellationToken)
    {
        IsOn = true;
        return switchesOn ? power.OnAsync(cancellationToken) : Task.CompletedTask;
    }
}
