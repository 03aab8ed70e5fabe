using EdgeMl.Mcu.Link.Ports;

namespace EdgeMl.Mcu.Device.Application;

/// <summary>The board as the bench link sees it.</summary>
public sealed class LinkedBoard : LinkBoard
{
    private const int MillisecondNanoseconds = 1_000_000;

    private readonly BoardPort _board;

    /// <summary>Creates it.</summary>
    /// <param name="board">The board.</param>
    /// <param name="firmware">Version of the application.</param>
    /// <param name="device">Device id; empty while the device is not configured.</param>
    public LinkedBoard(BoardPort board, string firmware, string device)
    {
        _board = board;
        Firmware = firmware;
        Device = device;
        StartId = (int)board.Entropy;
    }

    /// <inheritdoc/>
    public override string Board => _board.Name;

    /// <inheritdoc/>
    public override string Firmware { get; }

    /// <inheritdoc/>
    public override string Device { get; }

    /// <inheritdoc/>
    public override int StartId { get; }

    /// <inheritdoc/>
    public override long Microseconds => _board.Clock.Milliseconds * 1_000;

    /// <inheritdoc/>
    public override int TimerStepNanoseconds => MillisecondNanoseconds;

    /// <inheritdoc/>
    public override int TotalMemoryBytes => Unknown;

    /// <inheritdoc/>
    public override int FreeMemoryBytes => _board.FreeMemoryBytes;

    /// <inheritdoc/>
    public override int LargestFreeBlockBytes => Unknown;

    /// <inheritdoc/>
    public override int GarbageCollections => Unknown;

    /// <inheritdoc/>
    public override LinkFiles Files => _board.Files;

    /// <inheritdoc/>
    public override bool CanReboot => true;

    /// <inheritdoc/>
    public override void CollectGarbage()
    {
        // Asking for the free memory collects: the firmware has one call for both.
        _ = _board.FreeMemoryBytes;
    }

    /// <inheritdoc/>
    public override void Reboot()
    {
        _board.Reboot();
    }
}
