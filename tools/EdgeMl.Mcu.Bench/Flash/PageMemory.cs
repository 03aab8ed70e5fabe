using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Bench.Flash;

/// <summary>Raw flash with a <see cref="RegionFileStore"/>.</summary>
public sealed class PageMemory : SimulatedMemory
{
    private readonly int _pageBytes;
    private readonly byte _erasedValue;
    private readonly int[] _capacities;

    /// <summary>Describes flash that is just large enough.</summary>
    /// <param name="pageBytes">Bytes of a page, at least 256.</param>
    /// <param name="erasedValue">0x00 or 0xFF.</param>
    /// <param name="capacities">Most bytes of each file of <see cref="StoreFile"/>.</param>
    public PageMemory(int pageBytes, byte erasedValue, params int[] capacities)
    {
        _pageBytes = pageBytes;
        _erasedValue = erasedValue;
        _capacities = capacities;
        var store = new RegionFileStore(new SimulatedPages(SimulatedPages.Blank(pageBytes, 1, erasedValue), pageBytes, erasedValue), capacities);
        Blank = SimulatedPages.Blank(pageBytes, store.PagesNeeded, erasedValue);
    }

    /// <inheritdoc/>
    public override FlashImage Blank { get; }

    /// <inheritdoc/>
    public override (FileStore Store, IVolatileMemory Memory) PowerOn(FlashImage image, PowerSupply? power)
    {
        var pages = new SimulatedPages(image, _pageBytes, _erasedValue, power);
        var store = new RegionFileStore(pages, _capacities);
        return store.Mount() ? (store, pages) : throw new InvalidOperationException("the files cannot be mounted on the flash");
    }
}
