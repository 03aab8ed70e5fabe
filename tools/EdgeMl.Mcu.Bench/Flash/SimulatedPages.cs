using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Bench.Flash;

/// <summary>
/// Raw flash in memory. Each operation is durable when it is done; where power fails in it, it is lost, done, or torn: a prefix programmed, the byte after it
/// programmed in part, either part of a page erased, a page of undefined bytes. Not thread-safe.
/// </summary>
public sealed class SimulatedPages : RawFlash, IVolatileMemory
{
    private readonly PowerSupply? _power;
    private byte[] _bytes;
    private bool _shared;
    private StorageOperation _operation;
    private byte[] _source = [];
    private int _sourceIndex;

    /// <summary>Creates a memory.</summary>
    /// <param name="image">What it holds.</param>
    /// <param name="pageBytes">Bytes of a page, at least 256.</param>
    /// <param name="erasedValue">0x00 or 0xFF.</param>
    /// <param name="power">Where power can fail; null: never.</param>
    public SimulatedPages(FlashImage image, int pageBytes, byte erasedValue, PowerSupply? power = null)
    {
        _power = power;
        PageBytes = pageBytes;
        ErasedValue = erasedValue;
        _bytes = image.Area(0)!;
        _shared = true;
    }

    /// <inheritdoc/>
    public override int PageBytes { get; }

    /// <inheritdoc/>
    public override int PageCount => _bytes.Length / PageBytes;

    /// <inheritdoc/>
    public override byte ErasedValue { get; }

    /// <summary>Erased pages since the memory was created, each time counted.</summary>
    public long Erasures { get; private set; }

    /// <inheritdoc/>
    public int VariantCount => _operation.Kind switch { OperationKind.Program => 7, OperationKind.Erase => 6, _ => 1 };

    /// <summary>An erased memory.</summary>
    public static FlashImage Blank(int pageBytes, int pageCount, byte erasedValue)
    {
        byte[] bytes = new byte[pageBytes * pageCount];
        Array.Fill(bytes, erasedValue);
        return new FlashImage([bytes]);
    }

    /// <inheritdoc/>
    public FlashImage Capture()
    {
        _shared = true;
        return new FlashImage([_bytes]);
    }

    /// <inheritdoc/>
    public override bool Read(int address, byte[] buffer, int index, int count)
    {
        Array.Copy(_bytes, address, buffer, index, count);
        return true;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A byte is not erased, or the range leaves its page: the device's code is wrong.</exception>
    public override bool Program(int address, byte[] buffer, int index, int count)
    {
        if (count < 1 || address / PageBytes != (address + count - 1) / PageBytes)
            throw new InvalidOperationException($"{count} bytes programmed at {address} are not within a page of {PageBytes}");
        int written = _bytes.AsSpan(address, count).IndexOfAnyExcept(ErasedValue);
        if (written >= 0)
            throw new InvalidOperationException($"byte {address + written} programmed that is 0x{_bytes[address + written]:X2}, not erased");
        _source = buffer;
        _sourceIndex = index;
        Supply(new StorageOperation(OperationKind.Program, address / PageBytes, address % PageBytes, count));
        Array.Copy(buffer, index, _bytes, address, count);
        return true;
    }

    /// <inheritdoc/>
    public override bool ErasePage(int page)
    {
        Supply(new StorageOperation(OperationKind.Erase, page, 0, PageBytes));
        _bytes.AsSpan(page * PageBytes, PageBytes).Fill(ErasedValue);
        Erasures++;
        return true;
    }

    /// <inheritdoc/>
    public FlashImage Survivor(int variant)
    {
        if (variant == 0)
            return Capture();
        byte[] bytes = (byte[])_bytes.Clone();
        Span<byte> range = bytes.AsSpan((_operation.Place * PageBytes) + _operation.Offset, _operation.Count);
        if (_operation.Kind == OperationKind.Program)
            Tear(range, _source.AsSpan(_sourceIndex, _operation.Count), variant);
        else
            TearErase(range, variant);
        return new FlashImage([bytes]);
    }

    /// <inheritdoc/>
    public void Restart(FlashImage image)
    {
        _bytes = image.Area(0)!;
        _shared = true;
        _operation = default;
    }

    private void Supply(StorageOperation operation)
    {
        _operation = operation;
        _power?.Supply(this, operation);
        _operation = default;
        if (!_shared)
            return;
        _bytes = (byte[])_bytes.Clone();
        _shared = false;
    }

    private static void Tear(Span<byte> range, ReadOnlySpan<byte> source, int variant)
    {
        int half = source.Length / 2;
        int kept = variant switch { 1 => source.Length, 2 => 1, 3 => Math.Min(16, source.Length), 4 => source.Length - 1, _ => half };
        source[..kept].CopyTo(range);
        // Some bits of the next byte have changed already.
        if (variant == 6)
            range[half] ^= (byte)((range[half] ^ source[half]) & 0x55);
    }

    private void TearErase(Span<byte> range, int variant)
    {
        int half = range.Length / 2;
        switch (variant)
        {
            case 1:
                range.Fill(ErasedValue);
                break;
            case 2:
                range[..half].Fill(ErasedValue);
                break;
            case 3:
                range[half..].Fill(ErasedValue);
                break;
            case 4:
                range[..^1].Fill(ErasedValue);
                break;
            default:
                Undefined.Fill(range, _operation.Place);
                break;
        }
    }
}
