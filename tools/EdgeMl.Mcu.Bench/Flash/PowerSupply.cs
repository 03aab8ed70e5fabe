namespace EdgeMl.Mcu.Bench.Flash;

/// <summary>The power of a simulated memory: counts its operations and fails when told to. Not thread-safe.</summary>
public sealed class PowerSupply
{
    /// <summary>Operations so far; the present one has this number.</summary>
    public long Operations { get; private set; }

    /// <summary>Number of the operation at which power fails, 0 for never.</summary>
    public long CutAt { get; set; }

    /// <summary>Which of the operation's <see cref="IVolatileMemory.VariantCount"/> endings it takes then, modulo their number.</summary>
    public int CutVariant { get; set; }

    /// <summary>Sees each operation before it is decided how it ends.</summary>
    public Action<IVolatileMemory, StorageOperation>? Observer { get; set; }

    /// <summary>Gives an operation its power.</summary>
    /// <exception cref="PowerCutException">Power failed; the memory holds what survived, as it will at the next start.</exception>
    internal void Supply(IVolatileMemory memory, StorageOperation operation)
    {
        Operations++;
        Observer?.Invoke(memory, operation);
        if (Operations != CutAt)
            return;
        memory.Restart(memory.Survivor(CutVariant % memory.VariantCount));
        throw new PowerCutException();
    }
}
