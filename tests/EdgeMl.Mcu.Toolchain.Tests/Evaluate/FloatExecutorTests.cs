using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Tests.Evaluate;

public class FloatExecutorTests
{
    private static readonly Shape Pair = new(2);

    [Fact]
    public void Every_operator_of_the_graph_without_state_has_a_kernel()
    {
        Type[] operators = [.. typeof(Operator).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Operator)) && type != typeof(Svdf) && type != typeof(Lstm))];
        Assert.NotEmpty(operators);
        foreach (Type type in operators)
        {
            var op = (Operator)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);
            Assert.True(NodeEvaluator.Supports(op), type.Name);
        }
    }

    [Fact]
    public void Activations_are_observed_in_the_order_of_execution()
    {
        var seen = new List<string>();
        new FloatExecutor(DoubleThenNegate()).Run([[1, 2]], (tensor, values) => seen.Add($"{tensor.Name} {values[0]} {values[1]}"));
        Assert.Equal(["x 1 2", "twice 2 4", "y -2 -4"], seen);
    }

    [Fact]
    public void A_batch_gives_what_single_runs_give_in_the_same_order()
    {
        var executor = new FloatExecutor(DoubleThenNegate());
        float[][][] samples = [.. Enumerable.Range(0, 500).Select(i => new[] { new float[] { i, i + 1 } })];
        IReadOnlyList<float[]>[] outputs = executor.RunBatch(samples, TestContext.Current.CancellationToken);
        Assert.All(outputs, (output, i) => Assert.Equal([-2f * i, -2f * (i + 1)], output[0]));
    }

    [Fact]
    public void Outputs_are_not_overwritten_by_the_next_run()
    {
        var executor = new FloatExecutor(DoubleThenNegate());
        float[] first = executor.Run([[1, 2]])[0];
        executor.Run([[3, 4]]);
        Assert.Equal([-2, -4], first);
    }

    [Fact]
    public void Each_observer_is_called_by_one_thread_at_a_time_and_all_see_every_sample_once()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<List<int>>();
        float[][][] samples = [.. Enumerable.Range(0, 300).Select(i => new[] { new float[] { i, i } })];
        new FloatExecutor(DoubleThenNegate()).ObserveBatch(samples, CreateObserver, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 300), seen.SelectMany(own => own).Order());

        BatchActivationObserver CreateObserver()
        {
            var own = new List<int>();
            seen.Add(own);
            return (sample, tensor, _) =>
            {
                if (tensor.Name == "y")
                    own.Add(sample);
            };
        }
    }

    [Theory]
    [InlineData(1, "Input 'x' has 2 elements (2), the sample has 1.")]
    [InlineData(3, "Input 'x' has 2 elements (2), the sample has 3.")]
    public void A_sample_of_the_wrong_length_is_an_error_with_both_numbers(int length, string message)
    {
        var executor = new FloatExecutor(DoubleThenNegate());
        Assert.Equal(message, Assert.Throws<ToolchainException>(() => executor.Run([new float[length]])).Message);
        Assert.Equal(ErrorCodes.ShapeMismatch, Assert.Throws<ToolchainException>(() => executor.RunBatch([[new float[length]]], TestContext.Current.CancellationToken)).Code);
    }

    [Fact]
    public void All_nodes_without_a_kernel_are_named()
    {
        ModelGraph graph = DoubleThenNegate();
        foreach (Node node in graph.Nodes)
            node.Operator = new Unknown();
        var error = Assert.Throws<ToolchainException>(() => new FloatExecutor(graph));
        Assert.Equal(ErrorCodes.UnsupportedOperator, error.Code);
        Assert.Contains("Unknown 'double', Unknown 'negate'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fake_quantised_activations_take_only_values_that_int8_has()
    {
        ModelGraph graph = DoubleThenNegate();
        foreach (Tensor tensor in graph.Tensors().Where(tensor => !tensor.IsConstant))
        {
            tensor.Type = ElementType.Int8;
            tensor.Quantization = new Quantization(1, 0);
        }
        Assert.Equal([-2, -127], new FloatExecutor(graph, ActivationPrecision.FakeQuantized).Run([[1.4f, 90]])[0]);
        Assert.Equal([-2.8f, -180], new FloatExecutor(graph).Run([[1.4f, 90]])[0]);
    }

    [Fact]
    public void An_input_and_a_constant_can_be_outputs()
    {
        var graph = new ModelGraph { Name = "wires" };
        graph.Inputs.Add(new GraphPort(new Tensor("x", ElementType.Float32, Pair)));
        graph.Outputs.Add(graph.Inputs[0]);
        graph.Outputs.Add(new GraphPort(Tensor.Constant("c", Pair, [5, 6])));
        IReadOnlyList<float[]> outputs = new FloatExecutor(graph).Run([[1, 2]]);
        Assert.Equal([1, 2], outputs[0]);
        Assert.Equal([5, 6], outputs[1]);
    }

    private static ModelGraph DoubleThenNegate()
    {
        Tensor x = new("x", ElementType.Float32, Pair), twice = new("twice", ElementType.Float32, Pair), y = new("y", ElementType.Float32, Pair);
        var graph = new ModelGraph { Name = "double" };
        graph.Inputs.Add(new GraphPort(x));
        graph.Nodes.Add(new Node("double", new Binary(BinaryKind.Mul), [x, Tensor.Constant("two", new Shape(), [2])], twice));
        graph.Nodes.Add(new Node("negate", new Unary(UnaryKind.Neg), [twice], y));
        graph.Outputs.Add(new GraphPort(y));
        return graph;
    }

    private sealed record Unknown : Operator;
}
