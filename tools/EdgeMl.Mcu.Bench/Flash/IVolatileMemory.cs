namespace EdgeMl.Mcu.Bench.Flash;

/// <summary>A memory in the middle of an operation, and what it may hold after power failed there.</summary>
public interface IVolatileMemory
{
    /// <summary>Number of ways in which the operation, and what was not durable before it, may end. At least 1.</summary>
    int VariantCount { get; }

    /// <summary>What survives in one of these ways. The memory itself does not change.</summary>
    /// <param name="variant">0 to <see cref="VariantCount"/> - 1; 0 keeps nothing that was not durable.</param>
    FlashImage Survivor(int variant);

    /// <summary>What the memory holds, changes that are not durable included.</summary>
    FlashImage Capture();

    /// <summary>Makes the memory hold what survived, with nothing open and nothing waiting to become durable.</summary>
    void Restart(FlashImage image);
}
