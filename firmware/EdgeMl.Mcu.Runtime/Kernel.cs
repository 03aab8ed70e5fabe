namespace EdgeMl.Mcu.Runtime;

/// <summary>
/// Computes one kind of layer. Stateless: one instance serves all models and threads.
/// </summary>
/// <remarks>
/// A kernel trusts its parameters, because <see cref="Validate"/> has checked at load that no set of input values
/// can make <see cref="Run"/> read or write outside the arena, the weights and the scratch. <see cref="Run"/> allocates nothing and throws nothing.
/// </remarks>
public abstract class Kernel
{
    /// <summary>Number of int32 parameters of a layer.</summary>
    public abstract int ParameterCount { get; }

    /// <summary>Checks a layer's parameters once, at load, by calls to the reader, which remembers the first failure.</summary>
    public abstract void Validate(LayerReader layer);

    /// <summary>Sets what the layer remembers from one inference to the next, in the arena, to its beginning. Most layers remember nothing. The weights are not there.</summary>
    public virtual void ResetState(Frame frame)
    {
    }

    /// <summary>Packs the layer's weights once, when an interpreter is created; it is then given back as <see cref="Frame.Packed"/>. The only method that may allocate. Most layers pack nothing.</summary>
    public virtual long[][] Pack(Frame frame)
    {
        return null;
    }

    /// <summary>Computes the layer.</summary>
    public abstract void Run(Frame frame);
}
