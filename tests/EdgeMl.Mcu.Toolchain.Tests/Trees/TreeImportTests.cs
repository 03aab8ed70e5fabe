using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import;
using EdgeMl.Mcu.Toolchain.Import.Onnx.Proto;
using EdgeMl.Mcu.Toolchain.Tests.Onnx;

namespace EdgeMl.Mcu.Toolchain.Tests.Trees;

/// <summary>Tree ensembles as exporters write them, on the float executor and on the device.</summary>
public sealed class TreeImportTests
{
    private static readonly float[] Values = [float.NegativeInfinity, -2.5f, -1e-45f, -0f, 0, 1.1f, MathF.BitDecrement(1.1f), MathF.BitIncrement(1.1f), 3, float.PositiveInfinity, float.NaN];

    public static TheoryData<string, float, int> Comparisons()
    {
        var data = new TheoryData<string, float, int>();
        foreach (string mode in new[] { "BRANCH_LEQ", "BRANCH_LT", "BRANCH_GT", "BRANCH_GTE", "BRANCH_EQ", "BRANCH_NEQ" })
        {
            foreach (float threshold in new[] { 1.1f, 0f, -0f, 3f, float.PositiveInfinity })
            {
                data.Add(mode, threshold, 0);
                data.Add(mode, threshold, 1);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void Every_comparison_decides_as_on_floats(string mode, float threshold, int missing)
    {
        byte[] model = TreeModel.Stump(mode, threshold, missing).Regressor(1);
        foreach (float x in Values)
        {
            bool holds = (missing != 0 && float.IsNaN(x)) || mode switch
            {
                "BRANCH_LEQ" => x <= threshold,
                "BRANCH_LT" => x < threshold,
                "BRANCH_GT" => x > threshold,
                "BRANCH_GTE" => x >= threshold,
                "BRANCH_EQ" => x == threshold,
                _ => x != threshold,
            };
            Assert.Equal([holds ? 1 : 2], TreeModel.Run(model, x));
        }
    }

    [Theory]
    [InlineData("BRANCH_LEQ")]
    [InlineData("BRANCH_LT")]
    [InlineData("BRANCH_EQ")]
    public void A_threshold_in_float64_decides_for_every_float32(string mode)
    {
        double threshold = 1.1;
        var tensor = new TensorProto { DataType = TensorProto.Types.DataType.Double };
        tensor.Dims.Add(3);
        tensor.DoubleData.Add([threshold, 0, 0]);
        byte[] model = TreeModel.Stump(mode, 0).With("nodes_values_as_tensor", tensor).With("nodes_values", Array.Empty<float>()).Regressor(1);
        foreach (float x in Values)
        {
            bool holds = mode switch { "BRANCH_LEQ" => x <= threshold, "BRANCH_LT" => x < threshold, _ => x == threshold };
            Assert.Equal([holds ? 1 : 2], TreeModel.Run(model, x));
        }
    }

    [Theory]
    [InlineData("SUM", 10.5f, 4f)]
    [InlineData("AVERAGE", 5.5f, 2f)]
    [InlineData("MIN", 2.5f, 1.5f)]
    [InlineData("MAX", 8.5f, 3.5f)]
    public void Aggregates_end_with_the_base_values(string aggregate, float first, float second)
    {
        TreeModel trees = Two().With("aggregate_function", aggregate).With("n_targets", 3).With("base_values", new[] { 0.5f, 0.5f, -1f });
        Assert.Equal([first, second is 4f ? 5.5f : second is 2f ? 3f : second, -1f], TreeModel.Run(trees.Regressor(2), 1, 0));

        static TreeModel Two() => new TreeModel()
            .Branch(0, 0, "BRANCH_LEQ", 0, 1.5f, 1, 2).Leaf(0, 1, (0, 2), (1, 1)).Leaf(0, 2, (0, 5))
            .Leaf(7, 0, (0, 8), (1, 3), (1, 1));
    }

    [Theory]
    [InlineData("NONE", 0.75f, 1, 0.25f, 0.75f)]
    [InlineData("NONE", 0.5f, 0, 0.5f, 0.5f)]
    [InlineData("NONE", -0.25f, 0, 0.25f, -0.25f)]
    [InlineData("LOGISTIC", 0.4f, 1, 0.401312351f, 0.598687649f)]
    [InlineData("LOGISTIC", -2f, 0, 0.880797058f, 0.119202919f)]
    [InlineData("SOFTMAX", 1f, 1, 0.119202919f, 0.880797058f)]
    public void One_column_of_scores_stands_for_two_classes(string transform, float weight, int label, float first, float second)
    {
        byte[] model = new TreeModel().Leaf(0, 0, (0, weight)).With("post_transform", transform).With("classlabels_int64s", new[] { 0, 1 }).Classifier(1);
        float[] outputs = TreeModel.Run(model, 1);
        Assert.Equal(label, outputs[0]);
        Assert.Equal(first, outputs[1], 1e-6);
        Assert.Equal(second, outputs[2], 1e-6);
    }

    [Fact]
    public void Several_columns_are_decided_by_the_greatest_score_the_first_among_equals()
    {
        TreeModel trees = new TreeModel()
            .Branch(0, 0, "BRANCH_LEQ", 0, 0.5f, 1, 2).Leaf(0, 1, (0, 0.25f), (2, 0.5f)).Leaf(0, 2, (1, 0.5f))
            .Branch(1, 0, "BRANCH_LT", 1, 0.5f, 1, 2).Leaf(1, 1, (0, 0.25f)).Leaf(1, 2, (2, 0.5f))
            .With("classlabels_int64s", new[] { 30, -7, 200 });
        Assert.Equal([30, 0.5f, 0, 0.5f], TreeModel.Run(trees.Classifier(2), 0.5f, 0));
        Assert.Equal([-7, 0, 0.5f, 0.5f], TreeModel.Run(trees.Classifier(2), 0.6f, 0.5f));
        Assert.Equal([200, 0.25f, 0, 1], TreeModel.Run(trees.Classifier(2), 0.5f, 0.5f));
    }

    [Fact]
    public void Boosted_classes_end_with_softmax_over_sums_and_base_values()
    {
        byte[] model = new TreeModel().Leaf(0, 0, (0, 1)).Leaf(1, 0, (1, 0.5f)).Leaf(2, 0, (2, -1)).Leaf(3, 0, (0, 0.25f))
            .With("base_values", new[] { -1f, 0, 1 }).With("post_transform", "SOFTMAX").With("classlabels_int64s", new[] { 0, 1, 2 }).Classifier(4);
        float[] outputs = TreeModel.Run(model, 0, 0, 0, 0);
        double[] exponentials = [Math.Exp(0.25), Math.Exp(0.5), 1];
        Assert.Equal(1, outputs[0]);
        for (int i = 0; i < 3; i++)
            Assert.Equal(exponentials[i] / exponentials.Sum(), outputs[i + 1], 1e-6);
    }

    [Fact]
    public void Labels_that_are_text_stand_in_the_device_model_and_the_label_is_their_index()
    {
        byte[] onnx = new TreeModel().Leaf(0, 0, (0, 0.25f), (1, 0.75f)).With("classlabels_strings", new[] { "no", "yes" }).Classifier(2);
        Assert.Equal([1, 0.25f, 0.75f], TreeModel.Run(onnx, 0, 0));
        Model model = Model.Load(EmlmCompiler.Compile(ModelLoader.Import(onnx, "trees", ".onnx")).Bytes);
        TensorInfo scores = model.Output(1);
        Assert.Equal(["no", "yes"], Enumerable.Range(0, scores.LabelCount).Select(scores.Label));
    }

    [Fact]
    public void Columns_that_are_inputs_of_their_own_are_joined_on_the_device()
    {
        var model = new OnnxModel();
        string[] columns = [model.Input("a", -1, 1), model.Input("b", -1, 2)];
        string joined = model.Node("Identity", [model.Node("Cast", [model.Node("Concat", columns, ("axis", 1))], ("to", 1))]);
        byte[] trees = TreeModel.Stump("BRANCH_LEQ", 0.1f).Regressor(3);
        NodeProto node = ModelProto.Parser.ParseFrom(trees).Graph.Node[0];
        (node.Input[0], node.Attribute.First(attribute => attribute.Name == "nodes_featureids").Ints[0]) = (joined, 2);
        model.Proto.Graph.Node.Add(node);
        ModelGraph graph = ModelLoader.Import(model.Output("y").ToBytes(), "trees", ".onnx");
        var device = new DeviceModelRunner(Model.Load(EmlmCompiler.Compile(graph).Bytes), "trees");
        var reference = new FloatModelRunner(graph);
        foreach (float value in Values)
        {
            Array[] inputs = [new[] { 5f }, new[] { -5f, value }];
            Assert.Equal(reference.Run(inputs)[0], device.Run(inputs)[0]);
            Assert.Equal(new[] { value <= 0.1f ? 1f : 2f }, device.Run(inputs)[0]);
        }
    }

    [Fact]
    public void Trees_of_thousands_of_levels_are_imported()
    {
        var trees = new TreeModel();
        for (int i = 0; i < 5000; i++)
            trees.Branch(0, 2 * i, "BRANCH_LEQ", 0, i + 0.5f, (2 * i) + 1, (2 * i) + 2).Leaf(0, (2 * i) + 1, (0, i % 2 == 0 ? 1 : 2));
        byte[] model = trees.Leaf(0, 10_000, (0, 3)).Regressor(1);
        Assert.Equal([2], TreeModel.Run(model, 1));
        Assert.Equal([1], TreeModel.Run(model, 4998.5f));
        Assert.Equal([3], TreeModel.Run(model, 5000));
    }
}
