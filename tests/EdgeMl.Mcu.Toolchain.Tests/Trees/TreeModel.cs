using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import;
using EdgeMl.Mcu.Toolchain.Tests.Onnx;

namespace EdgeMl.Mcu.Toolchain.Tests.Trees;

/// <summary>Writes the arrays of a tree ensemble node by node, and the model around them.</summary>
internal sealed class TreeModel
{
    private readonly List<(int Tree, int Id, string Mode, int Feature, float Value, int True, int False, int Missing)> _nodes = [];
    private readonly List<(int Tree, int Node, int Target, float Weight)> _weights = [];
    private readonly List<(string Name, object Value)> _attributes = [];

    /// <summary>Adds a comparison.</summary>
    public TreeModel Branch(int tree, int id, string mode, int feature, float value, int whenTrue, int whenFalse, int missing = 0)
    {
        _nodes.Add((tree, id, mode, feature, value, whenTrue, whenFalse, missing));
        return this;
    }

    /// <summary>Adds a leaf with its weights.</summary>
    public TreeModel Leaf(int tree, int id, params (int Target, float Weight)[] weights)
    {
        _nodes.Add((tree, id, "LEAF", 0, 0, 0, 0, 0));
        _weights.AddRange(weights.Select(weight => (tree, id, weight.Target, weight.Weight)));
        return this;
    }

    /// <summary>Adds a weight for any node.</summary>
    public TreeModel Weight(int tree, int node, int target, float weight)
    {
        _weights.Add((tree, node, target, weight));
        return this;
    }

    /// <summary>Adds or replaces an attribute.</summary>
    public TreeModel With(string name, object value)
    {
        _attributes.Add((name, value));
        return this;
    }

    /// <summary>A tree of one comparison: the first target scores 1 where it holds and 2 where not.</summary>
    public static TreeModel Stump(string mode, float value, int missing = 0) =>
        new TreeModel().Branch(0, 0, mode, 0, value, 1, 2, missing).Leaf(0, 1, (0, 1)).Leaf(0, 2, (0, 2));

    /// <summary>A model of a regressor: input x, output y.</summary>
    public byte[] Regressor(int features)
    {
        var model = new OnnxModel();
        model.Add("TreeEnsembleRegressor", [model.Input("x", -1, features)], ["y"], Attributes("target")).Domain = "ai.onnx.ml";
        return model.Output("y").ToBytes();
    }

    /// <summary>A model of a classifier as skl2onnx and onnxmltools export it: label behind a Cast, probabilities behind a ZipMap.</summary>
    public byte[] Classifier(int features)
    {
        var model = new OnnxModel();
        model.Add("TreeEnsembleClassifier", [model.Input("x", -1, features)], ["raw_label", "raw_scores"], Attributes("class")).Domain = "ai.onnx.ml";
        model.Add("Cast", ["raw_label"], ["output_label"], ("to", 7));
        model.Add("ZipMap", ["raw_scores"], ["output_probability"], ("classlabels_int64s", new[] { 0, 1 })).Domain = "ai.onnx.ml";
        return model.Output("output_label", "output_probability").ToBytes();
    }

    /// <summary>All outputs of a model one after another: on the float executor, and on the device runtime, which must be as near as a float function is exact.</summary>
    public static float[] Run(byte[] onnx, params float[] row)
    {
        ModelGraph graph = ModelLoader.Import(onnx, "trees", ".onnx");
        float[] expected = Reals(new FloatModelRunner(graph).Run([row]));
        float[] device = Reals(new DeviceModelRunner(Model.Load(EmlmCompiler.Compile(graph).Bytes), "trees").Run([row]));
        Assert.Equal(expected.Length, device.Length);
        Assert.All(expected.Zip(device), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        return expected;
    }

    private static float[] Reals(IEnumerable<Array> outputs) => [.. outputs.SelectMany(output => output.Cast<object>()).Select(Convert.ToSingle)];

    private (string, object)[] Attributes(string prefix) =>
    [
        .. new (string Name, object Value)[]
        {
            ("nodes_treeids", Nodes(node => node.Tree)), ("nodes_nodeids", Nodes(node => node.Id)), ("nodes_featureids", Nodes(node => node.Feature)),
            ("nodes_modes", Nodes(node => node.Mode)), ("nodes_values", Nodes(node => node.Value)), ("nodes_truenodeids", Nodes(node => node.True)),
            ("nodes_falsenodeids", Nodes(node => node.False)), ("nodes_missing_value_tracks_true", Nodes(node => node.Missing)), ("nodes_hitrates", Nodes(_ => 1f)),
            ($"{prefix}_treeids", Weights(weight => weight.Tree)), ($"{prefix}_nodeids", Weights(weight => weight.Node)),
            ($"{prefix}_ids", Weights(weight => weight.Target)), ($"{prefix}_weights", Weights(weight => weight.Weight)),
        }.Where(attribute => !_attributes.Exists(other => other.Name == attribute.Name)),
        .. _attributes,
    ];

    private T[] Nodes<T>(Func<(int Tree, int Id, string Mode, int Feature, float Value, int True, int False, int Missing), T> field) => [.. _nodes.Select(field)];

    private T[] Weights<T>(Func<(int Tree, int Node, int Target, float Weight), T> field) => [.. _weights.Select(field)];
}
