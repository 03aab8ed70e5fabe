using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>A rewrite of a graph that keeps its outputs: bit for bit where it touches quantised tensors, within rounding on reals.</summary>
/// <param name="Name">Name for reports.</param>
/// <param name="Apply">Changes the graph where it can and says whether it did.</param>
public sealed record GraphPass(string Name, Func<ModelGraph, bool> Apply)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>The passes, in order, and how they run.</summary>
public static class PassPipeline
{
    // Every pass removes nodes, or moves them in one direction only; the limit turns a mistake into an error instead of a hang.
    private const int MaxRounds = 10_000;

    /// <summary>
    /// Brings a graph with channels-first parts into NHWC: transposes cancel, move into constants or become the layout of ports.
    /// One that neither is possible for stays.
    /// </summary>
    public static IReadOnlyList<GraphPass> Layout { get; } =
    [
        new("remove-no-ops", NoOps.Apply),
        new("compose-transposes", TransposeComposition.Apply),
        new("sink-transposes", TransposeSinking.Apply),
        new("sink-reshapes", ReshapeSinking.Apply),
        new("fold-transposes-into-weights", TransposeFolding.Apply),
        new("seed-input-layouts", InputLayouts.Apply),
        new("absorb-output-layouts", OutputLayouts.Apply),
        new("remove-dead-nodes", DeadNodes.Apply),
        new("transposes-to-reshapes", TransposesToReshapes.Apply),
    ];

    /// <summary>What any graph needs before it can be quantised or run on the device: the layout, constants, and operators that the device does not have.</summary>
    public static IReadOnlyList<GraphPass> Required { get; } =
    [
        .. Layout,
        new("fuse-quantized-operators", QuantizedOperatorFusion.Apply),
        new("fold-constants", ConstantFolding.Apply),
        new("lower-batch-normalization", BatchNormalizationLowering.Apply),
        new("expand-counted-padding", CountedPaddingExpansion.Apply),
    ];

    /// <summary>All passes: the required ones, and what fuses into other operators. Right for float and quantised graphs.</summary>
    public static IReadOnlyList<GraphPass> All { get; } =
    [
        .. Required,
        new("fold-scales-and-offsets", ScaleFolding.Apply),
        new("fuse-hard-swish", HardSwishFusion.Apply),
        new("fuse-activations", ActivationFusion.Apply),
        new("fuse-padding", PaddingFusion.Apply),
    ];

    /// <summary>Passes that make a complete int8 graph smaller. They come last: what they remove is gone from the model, not only from its form.</summary>
    public static IReadOnlyList<GraphPass> Int8 { get; } =
    [
        new("remove-dead-nodes", DeadNodes.Apply),
        new("remove-dead-channels", DeadChannels.Apply),
    ];

    /// <summary>Runs all passes until none of them changes anything.</summary>
    public static IReadOnlyList<string> Run(ModelGraph graph) => Run(graph, All);

    /// <summary>Runs passes in order, starting over after each one that changed something, until none does.</summary>
    /// <returns>Names of the passes that changed the graph, in the order of the list.</returns>
    public static IReadOnlyList<string> Run(ModelGraph graph, IReadOnlyList<GraphPass> passes)
    {
        var changed = new HashSet<GraphPass>();
        for (int round = 0; round < MaxRounds; round++)
        {
            GraphPass? effective = passes.FirstOrDefault(pass => pass.Apply(graph));
            if (effective is null)
                return [.. passes.Where(changed.Contains).Select(pass => pass.Name)];
            changed.Add(effective);
        }
        throw new InvalidOperationException($"The passes on '{graph.Name}' do not come to an end.");
    }
}
