using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>A float graph and what the calibration samples show of it, each thing found when it is first needed. Not thread-safe.</summary>
/// <param name="graph">The float graph.</param>
/// <param name="samples">Checked samples.</param>
/// <param name="progress">Told of finished work; null for nobody.</param>
/// <param name="cancellation">Stops between samples.</param>
internal sealed class CalibratedGraph(
    ModelGraph graph, IReadOnlyList<float[][]> samples, WorkCounter? progress, CancellationToken cancellation)
{
    /// <summary>Weights of one output up to which a layer has moments, and all moments together, so that they fit on a desktop.</summary>
    private const int TapsMax = 4096;

    private const long MomentBytesMax = 256L << 20;

    /// <summary>Multiplications that collecting moments may cost; beyond, evenly spread samples are used.</summary>
    private const double MomentProductsMax = 20e9;

    private const int MomentSamplesMin = 16;

    private readonly FloatExecutor _executor = new(graph);
    private readonly Dictionary<(CalibrationMethod, double), Dictionary<Tensor, ValueRange>> _ranges = [];
    private Dictionary<Tensor, ValueRange>? _minMax;
    private Dictionary<Tensor, Histogram>? _histograms;
    private IReadOnlyDictionary<Node, LayerMoments>? _moments;
    private CalibratedGraph? _equalized;

    /// <summary>The float graph.</summary>
    public ModelGraph Graph => graph;

    /// <summary>The samples.</summary>
    public IReadOnlyList<float[][]> Samples => samples;

    /// <summary>Stops between samples.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>The same function with equalised channels, calibrated on the same samples.</summary>
    public CalibratedGraph Equalized => _equalized ??= new CalibratedGraph(
        CrossLayerEqualization.Apply(graph, ChannelMagnitudes.Of(_executor, samples, progress, cancellation)), samples, progress, cancellation);

    /// <summary>Range of every activation, by a method; within the clamp that is fused into the node that computes it.</summary>
    public Dictionary<Tensor, ValueRange> Ranges(QuantizationOptions options)
    {
        (CalibrationMethod, double) key = (options.Method, options.Method == CalibrationMethod.Percentile ? options.Percentile : 0);
        if (_ranges.TryGetValue(key, out Dictionary<Tensor, ValueRange>? known))
            return known;
        _minMax ??= Calibrator.MinMax(_executor, graph, samples, progress is null ? null : progress.Completed, cancellation);
        var ranges = new Dictionary<Tensor, ValueRange>(_minMax);
        if (Calibrator.NeedsHistograms(options.Method))
        {
            _histograms ??= Calibrator.Histograms(_executor, samples, _minMax, progress is null ? null : progress.Completed, cancellation);
            KeyValuePair<Tensor, ValueRange>[] estimates = new KeyValuePair<Tensor, ValueRange>[_histograms.Count];
            Parallel.ForEach(_histograms, new ParallelOptions { CancellationToken = cancellation }, (histogram, _, index) =>
            {
                ValueRange range = graph.IsOutput(histogram.Key) ? _minMax[histogram.Key] : Calibrator.Estimate(histogram.Value, options);
                estimates[index] = KeyValuePair.Create(histogram.Key, range);
            });
            foreach ((Tensor tensor, ValueRange range) in estimates)
                ranges[tensor] = range;
        }
        foreach (Node node in graph.Nodes)
            ranges[node.Output] = ActivationScales.OutputRange(node, ranges[node.Output]);
        return _ranges[key] = ranges;
    }

    /// <summary>Roundings by what decides them, as automatic quantisation asks for the same ones again and again.</summary>
    public Dictionary<(Node Node, int Bits, bool BiasTakesMean), RoundedLayer> Roundings { get; } = [];

    /// <summary>Moments of what a layer reads; null for layers that are too large for them.</summary>
    public LayerMoments? Moments(Node node) => (_moments ??= CollectMoments()).GetValueOrDefault(node);

    private IReadOnlyDictionary<Node, LayerMoments> CollectMoments()
    {
        long bytes = 0;
        double products = 0;
        var nodes = new List<Node>();
        foreach (LinearNode layer in graph.Nodes.Select(LinearNode.Of).OfType<LinearNode>().Where(layer => layer.Taps <= TapsMax).OrderBy(layer => layer.Taps))
        {
            double entries = (double)layer.Groups * layer.Taps * layer.Taps;
            if ((bytes += (long)(sizeof(double) * entries)) > MomentBytesMax)
                break;
            products += entries * layer.Positions / 2;
            nodes.Add(layer.Node);
        }
        int count = (int)Math.Min(Math.Max(MomentProductsMax / Math.Max(products, 1), MomentSamplesMin), samples.Count);
        return MomentCollector.Collect(
            graph, CalibrationSplit.Spread(samples, count), nodes, completed: progress is null ? null : progress.Completed, cancellation: cancellation);
    }
}
