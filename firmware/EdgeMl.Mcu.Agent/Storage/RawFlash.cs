namespace EdgeMl.Mcu.Agent.Storage;

/// <summary>The port to a region of raw flash. Addresses are bytes from the region's start. No member throws. Need not be thread-safe.</summary>
/// <remarks>
/// What power loss leaves: a program or erase that returned true stays. One that power loss ended may have changed any of its bytes, none, or all; other bytes are as they were.
/// Memory that cannot be programmed byte by byte needs an adapter that pads.
/// </remarks>
public abstract class RawFlash
{
    /// <summary>Bytes that are erased at once, a power of two from 256.</summary>
    public abstract int PageBytes { get; }

    /// <summary>Number of pages.</summary>
    public abstract int PageCount { get; }

    /// <summary>Value of an erased byte: 0xFF or 0x00.</summary>
    public abstract byte ErasedValue { get; }

    /// <summary>Copies bytes into a buffer.</summary>
    /// <param name="address">First byte, within the region.</param>
    /// <param name="buffer">Where the copy goes.</param>
    /// <param name="index">Its first place in the buffer.</param>
    /// <param name="count">Number of bytes, 0 or more.</param>
    /// <returns>False where the bytes could not be read.</returns>
    public abstract bool Read(int address, byte[] buffer, int index, int count);

    /// <summary>Programs bytes that are erased, within one page.</summary>
    /// <param name="address">First byte, within the region.</param>
    /// <param name="buffer">Where the bytes come from.</param>
    /// <param name="index">The first of them.</param>
    /// <param name="count">Number of bytes, 1 or more.</param>
    /// <returns>False where it failed; the range is undefined then.</returns>
    public abstract bool Program(int address, byte[] buffer, int index, int count);

    /// <summary>Erases a page.</summary>
    /// <param name="page">0 to <see cref="PageCount"/> - 1.</param>
    /// <returns>False where it failed; the page is undefined then.</returns>
    public abstract bool ErasePage(int page);
}
