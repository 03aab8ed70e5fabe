namespace EdgeMl.Mcu.Toolchain.Boards;

/// <summary>Some bytes with a name.</summary>
/// <param name="Name">What they are for.</param>
/// <param name="Bytes">How many.</param>
public sealed record RegionPart(string Name, long Bytes);

/// <summary>What a model, and the code that runs it, take on any board.</summary>
/// <param name="RuntimeAssemblies">Names of the device assemblies that the model needs; see <see cref="Inspect.KernelAssemblies"/>.</param>
/// <param name="Flash">Parts of the flash for deployment.</param>
/// <param name="Heap">Parts of the managed heap.</param>
/// <param name="LargestArrayBytes">The largest array among them.</param>
public sealed record DeviceFootprint(IReadOnlyList<string> RuntimeAssemblies, IReadOnlyList<RegionPart> Flash, IReadOnlyList<RegionPart> Heap, long LargestArrayBytes)
{
    /// <summary>Longest byte array of the interpreter: a heap block has at most 65,535 units of 12 bytes, 20 bytes of them for the header.</summary>
    public const long ArrayBytesMax = (65_535 * 12) - 20;

    /// <summary>Bytes of flash.</summary>
    public long FlashBytes => Flash.Sum(part => part.Bytes);

    /// <summary>Bytes of the managed heap.</summary>
    public long HeapBytes => Heap.Sum(part => part.Bytes);

    /// <summary>Whether all of it has room on a board.</summary>
    public bool FitsOn(Board board) => FlashBytes <= board.FlashBytes && HeapBytes <= board.HeapBytes && LargestArrayBytes <= ArrayBytesMax;
}
