using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

public class NearQuantizerTests(ITestOutputHelper log)
{
    private static readonly ModelGraph Graph = ModelFile.Open(Repository.PathOf("models/digits/digits_mlp.onnx")).Graph!;
    private static readonly float[][][] Samples = CalibrationSamples.ToGraphLayout([SampleFile.Read(Repository.PathOf("models/digits/x_train.npy"), Graph.Inputs[0], raw: false)]);
    private static readonly int[] Labels = LabelFile.ReadClasses(Repository.PathOf("models/digits/y_train.npy"), 10);
    private static readonly QuantizationJob Plain = new() { Method = CalibrationMethod.MinMax };

    [Fact]
    public void The_same_model_on_other_samples_gives_the_base_again()
    {
        byte[] first = Run(Plain, Graph, Samples, Labels).Compiled.Bytes;
        float[][][] others = [.. Samples.Where((_, i) => i % 3 == 0)];
        int[] labels = [.. Labels.Where((_, i) => i % 3 == 0)];
        Assert.NotEqual(first, Run(Plain, Graph, others, labels).Compiled.Bytes);

        QuantizedModel near = Run(Plain with { Near = BaseModel.Parse(first, "first") }, Graph, others, labels);

        Assert.Equal(first, near.Compiled.Bytes);
        Assert.Equal((0, true), (near.Near!.ChangedWeights, near.Near.SameKernels));
    }

    [Fact]
    public void A_base_with_equalised_channels_and_data_aware_rounding_is_found_again_by_another_method()
    {
        QuantizedModel first = Run(new QuantizationJob(), Graph, Samples, Labels);
        Assert.True(first.Auto!.Options is { Equalize: true } or { Rounding: WeightRounding.SecondMoments });
        QuantizedModel near = Run(Plain with { Near = BaseModel.Parse(first.Compiled.Bytes, "first") }, Graph, Samples, Labels);
        Assert.Equal(0, near.Near!.ChangedWeights);
        Assert.Equal(first.Compiled.Bytes, near.Compiled.Bytes);
    }

    [Theory]
    [InlineData(0.01, 0.1)]
    [InlineData(0.03, 0.4)]
    public void Slightly_retrained_weights_change_few_integers_and_cost_no_accuracy(double drift, double part)
    {
        var original = BaseModel.Parse(Run(Plain, Graph, Samples, Labels).Compiled.Bytes, "base");
        ModelGraph retrained = Retrained(drift, _ => true);
        QuantizedModel free = Run(Plain, retrained, Samples, Labels), near = Run(Plain with { Near = original }, retrained, Samples, Labels);
        var freeReport = NearReport.Of(free.Compiled.Bytes, original, null, new Dictionary<string, string>());

        log.WriteLine($"{near.Near!.ChangedWeights} instead of {freeReport.ChangedWeights} of {near.Near.Weights} weights differ, tolerance {near.Near.Tolerance}");
        Assert.All(near.Near.Layers, layer => Assert.True(layer.IsFrozen, layer.Name));
        Assert.InRange(near.Near.ChangedWeights, 0, part * freeReport.ChangedWeights);
        Assert.InRange(Accuracy(retrained, near), Accuracy(retrained, free) - 0.01, 1);
        Assert.Equal(Error.None, new Interpreter(Runtime.Model.Load(near.Compiled.Bytes)).SelfTest());
    }

    [Fact]
    public void A_retrained_last_layer_leaves_the_others_alone()
    {
        var original = BaseModel.Parse(Run(Plain, Graph, Samples, Labels).Compiled.Bytes, "base");
        QuantizedModel near = Run(Plain with { Near = original }, Retrained(0.1, node => node == Graph.Nodes.Last(each => each.Operator is FullyConnected)), Samples, Labels);
        Assert.Equal(0, near.Near!.Layers[0].ChangedWeights);
        Assert.InRange(near.Near.Layers[^1].ChangedWeights, 1, near.Near.Layers[^1].Weights);
    }

    [Fact]
    public void A_layer_that_outgrew_the_base_has_scales_of_its_own_and_the_report_says_so()
    {
        var original = BaseModel.Parse(Run(Plain, Graph, Samples, Labels).Compiled.Bytes, "base");
        ModelGraph grown = Graph.Copy();
        Node last = grown.Nodes.Last(node => node.Operator is FullyConnected);
        last.Inputs[1] = Scaled(last.Inputs[1]!, (value, _) => 3 * value);
        float[][][] others = [.. Samples.Where((_, i) => i % 3 == 0)];
        QuantizedModel free = Run(Plain, grown, others), near = Run(Plain with { Near = original }, grown, others);
        Assert.Equal(0, near.Near!.Layers[0].ChangedWeights);
        Assert.True(near.Near.Layers[0].IsFrozen);
        Assert.False(near.Near.Layers[^1].IsFrozen);
        Assert.Contains("outgrew", near.Near.Layers[^1].Reason, StringComparison.Ordinal);
        Assert.InRange(Accuracy(grown, near), Accuracy(grown, free) - 0.01, 1);
    }

    [Fact]
    public void A_base_that_is_another_model_changes_nothing()
    {
        var other = BaseModel.Parse(CompiledModels.Get("digits_cnn").Bytes, "other");
        QuantizedModel near = Run(Plain with { Near = other }, Graph, Samples, Labels);
        Assert.Null(near.Near!.Tolerance);
        Assert.Equal(Run(Plain, Graph, Samples, Labels).Compiled.Bytes, near.Compiled.Bytes);
        Assert.Equal(near.Near.Weights, near.Near.ChangedWeights);
    }

    [Fact]
    public void Layers_of_one_name_are_not_taken_for_one_another()
    {
        var original = BaseModel.Parse(Run(Plain, Graph, Samples).Compiled.Bytes, "base");
        ModelGraph alike = Graph.Copy();
        foreach (Node node in alike.Nodes)
            node.Name = alike.Nodes[0].Name;
        NearReport near = Run(Plain with { Near = original }, alike, [.. Samples.Where((_, i) => i % 3 == 0)]).Near!;
        Assert.All(near.Layers, layer => Assert.InRange(layer.ChangedWeights, 0, layer.Weights));
    }

    private static QuantizedModel Run(QuantizationJob job, ModelGraph graph, float[][][] samples, int[]? labels = null) =>
        job.Run(graph, samples, labels, cancellation: TestContext.Current.CancellationToken);

    private static double Accuracy(ModelGraph graph, QuantizedModel model) => QuantizationQuality.Measure(graph, model.Result.Graph, Samples, Labels, TestContext.Current.CancellationToken).Accuracy!.Value;

    /// <summary>The model with normal noise on its weights.</summary>
    private static ModelGraph Retrained(double drift, Func<Node, bool> isRetrained)
    {
        ModelGraph copy = Graph.Copy();
        var random = new Random(1);
        foreach ((Node old, Node node) in Graph.Nodes.Zip(copy.Nodes).Where(pair => pair.First.Operator is FullyConnected && isRetrained(pair.First)))
            node.Inputs[1] = Scaled(old.Inputs[1]!, (value, rms) => (float)(value + (drift * rms * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))));
        return copy;
    }

    private static Tensor Scaled(Tensor tensor, Func<float, double, float> change)
    {
        float[] values = tensor.Reals();
        double rms = Math.Sqrt(values.Average(value => (double)value * value));
        return Tensor.Constant(tensor.Name, tensor.Shape, Array.ConvertAll(values, value => change(value, rms)));
    }
}
