using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Bench.Flash;

/// <summary>A kind of memory, and how a device reaches its files on it. Thread-safe.</summary>
public abstract class SimulatedMemory
{
    /// <summary>The memory of a new device.</summary>
    public abstract FlashImage Blank { get; }

    /// <summary>Starts a device's memory, with nothing open.</summary>
    /// <param name="image">What it holds.</param>
    /// <param name="power">Where power can fail, which it may here already; null: never.</param>
    /// <returns>The device's files, and the memory that they lie on.</returns>
    /// <exception cref="PowerCutException">Power failed.</exception>
    public abstract (FileStore Store, IVolatileMemory Memory) PowerOn(FlashImage image, PowerSupply? power);

    /// <summary>Runs a device that is not cut.</summary>
    /// <param name="image">What the memory holds at the start.</param>
    /// <param name="device">The device's code.</param>
    /// <returns>What it holds in the end.</returns>
    public FlashImage Run(FlashImage image, Action<FileStore> device)
    {
        (FileStore store, IVolatileMemory memory) = PowerOn(image, null);
        device(store);
        return memory.Capture();
    }
}
