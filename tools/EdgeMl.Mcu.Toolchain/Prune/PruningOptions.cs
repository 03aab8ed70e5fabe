using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>What goes as a whole.</summary>
public enum PruningGranularity
{
    /// <summary>Single weights.</summary>
    Weight,

    /// <summary>Blocks of 3 consecutive outputs at one tap: what compiled code multiplies at once, and skips where it is 0.</summary>
    Block,

    /// <summary>Output channels, which are taken out of the model.</summary>
    Channel,
}

/// <summary>How weights are chosen, and what happens to those that stay.</summary>
public enum PruningMethod
{
    /// <summary>Optimal brain surgeon: those whose removal changes the layer's outputs least, once the others have made up for it.</summary>
    Obs,

    /// <summary>Those with the least magnitude in each layer; the others stay as they are.</summary>
    Magnitude,
}

/// <summary>How a model is pruned.</summary>
public sealed record PruningOptions
{
    /// <summary>The usual <see cref="Damping"/>.</summary>
    public const double DefaultDamping = 0.01;

    /// <summary>Part of the weights of all linear layers that becomes 0; from 0 to 1, both excluded.</summary>
    public required double Sparsity { get; init; }

    /// <summary>What goes as a whole.</summary>
    public PruningGranularity Granularity { get; init; } = PruningGranularity.Weight;

    /// <summary>How weights are chosen.</summary>
    public PruningMethod Method { get; init; } = PruningMethod.Obs;

    /// <summary>Names of the nodes that may change; all if null.</summary>
    public IReadOnlyCollection<string>? Nodes { get; init; }

    /// <summary>Part of the mean second moment of a layer's inputs that is added to each, against over-fitting to the calibration samples.</summary>
    public double Damping { get; init; } = DefaultDamping;

    /// <summary>A device model whose weights stay as far as the outputs bear it; null for none. Device models only.</summary>
    internal BaseModel? Near { get; init; }
}
