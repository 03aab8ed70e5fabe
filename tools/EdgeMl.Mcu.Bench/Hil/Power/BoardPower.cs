namespace EdgeMl.Mcu.Bench.Hil.Power;

/// <summary>Switches the supply of a board.</summary>
public abstract class BoardPower
{
    /// <summary>Takes the supply away and waits until the board is certainly off.</summary>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.PowerSwitch"/> or <see cref="BenchErrorCodes.ToolMissing"/>.</exception>
    public abstract Task OffAsync(CancellationToken cancellationToken);

    /// <summary>Gives the supply back. The board is then starting.</summary>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.PowerSwitch"/> or <see cref="BenchErrorCodes.ToolMissing"/>.</exception>
    public abstract Task OnAsync(CancellationToken cancellationToken);
}
