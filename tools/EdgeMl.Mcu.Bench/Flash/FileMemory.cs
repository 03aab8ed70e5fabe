using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Bench.Flash;

/// <summary>A file system.</summary>
public sealed class FileMemory : SimulatedMemory
{
    /// <inheritdoc/>
    public override FlashImage Blank => SimulatedFiles.Blank;

    /// <inheritdoc/>
    public override (FileStore Store, IVolatileMemory Memory) PowerOn(FlashImage image, PowerSupply? power)
    {
        var files = new SimulatedFiles(image, power);
        return (files, files);
    }
}
