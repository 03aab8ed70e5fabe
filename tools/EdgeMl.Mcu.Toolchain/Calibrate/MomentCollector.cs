using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Calibrating;

/// <summary>Runs samples through a graph and sums up what its linear layers read.</summary>
public static class MomentCollector
{
    /// <summary>Layers with more weights an output have no moments: their matrix alone would take more than 128 MB.</summary>
    public const int TapsMax = 4096;

    // Samples are divided into as many parts whatever the machine, so that sums are rounded alike everywhere.
    private const int PartsMax = 4;
    private const long BytesMax = 256L << 20;

    /// <summary>How many parts samples are divided into, each with sums of its own.</summary>
    /// <param name="bytes">Size of the sums of one part.</param>
    /// <param name="samples">Number of samples.</param>
    internal static int Parts(long bytes, int samples) => (int)Math.Clamp(BytesMax / Math.Max(bytes, 1), 1, Math.Min(PartsMax, samples));

    /// <summary>The moments of linear layers, equal bit for bit on every run.</summary>
    /// <param name="graph">A float graph, or an int8 one with <paramref name="precision"/> <see cref="ActivationPrecision.FakeQuantized"/>.</param>
    /// <param name="samples">For each sample the real values of each input in the graph's layout; at least one.</param>
    /// <param name="nodes">The layers; all that have constant weights if null. Memory is <c>groups * taps² * 8</c> bytes for each.</param>
    /// <param name="precision">Values that activations can take.</param>
    /// <param name="completed">Called after each sample, by any thread.</param>
    /// <param name="cancellation">Stops between samples.</param>
    /// <returns>Moments by node; other operators and layers beyond <see cref="TapsMax"/> are left out.</returns>
    /// <exception cref="ToolchainException">
    /// <see cref="ErrorCodes.ShapeMismatch"/>; <see cref="ErrorCodes.BadCalibrationData"/>: values that are not finite;
    /// <see cref="ErrorCodes.UnsupportedOperator"/>: the float executor has no kernel for a node.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyDictionary<Node, LayerMoments> Collect(
        ModelGraph graph, IReadOnlyList<float[][]> samples, IEnumerable<Node>? nodes = null,
        ActivationPrecision precision = ActivationPrecision.Real, Action? completed = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(samples.Count);
        LinearNode[] layers = [.. (nodes ?? graph.Nodes).Select(LinearNode.Of).OfType<LinearNode>().Where(layer => layer.Taps <= TapsMax)];
        int parts = Parts(layers.Sum(layer => (long)layer.Groups * layer.Taps * layer.Taps * sizeof(double)), samples.Count);
        var executor = new FloatExecutor(graph, precision);
        var sums = new MomentSums[parts][];
        Parallels.For(parts, part =>
        {
            sums[part] = [.. layers.Select(layer => new MomentSums(layer))];
            ILookup<Tensor, int> readers = Enumerable.Range(0, layers.Length).ToLookup(i => layers[i].Node.Input);
            int end = (int)((long)samples.Count * (part + 1) / parts);
            for (int sample = (int)((long)samples.Count * part / parts); sample < end; sample++)
            {
                cancellation.ThrowIfCancellationRequested();
                executor.Run(samples[sample], (tensor, values) =>
                {
                    foreach (int i in readers[tensor])
                        sums[part][i].Add(values);
                });
                completed?.Invoke();
            }
        }, cancellation);
        for (int part = 1; part < parts; part++)
        {
            for (int i = 0; i < layers.Length; i++)
                sums[0][i].Add(sums[part][i]);
        }
        return layers.Select((layer, i) => (layer.Node, Moments: sums[0][i].ToMoments())).ToDictionary(pair => pair.Node, pair => pair.Moments);
    }
}
