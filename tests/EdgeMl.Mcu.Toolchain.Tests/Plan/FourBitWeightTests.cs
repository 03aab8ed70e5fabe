using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan;
using EdgeMl.Mcu.Toolchain.Plan.Lowering;
using FsCheck;
using FsCheck.Fluent;
using ChannelTable = EdgeMl.Mcu.Runtime.Kernels.ChannelTable;
using FourBitRows = EdgeMl.Mcu.Runtime.Kernels.FourBitRows;

namespace EdgeMl.Mcu.Toolchain.Tests.Plan;

public class FourBitWeightTests
{
    private static readonly Quantization Scale = new(0.1f, -3);

    [Fact]
    public void Packed_rows_give_all_weights_and_the_channel_table_back() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        int depth = random.Next(1, 40), channels = random.Next(1, 9), rowBytes = FourBitRows.Bytes(depth);
        byte[] bytes = new byte[ChannelTable.Bytes(depth * channels, channels)];
        random.NextBytes(bytes);
        for (int i = 0; i < depth * channels; i++)
            bytes[i] = (byte)random.Next(-8, 8);
        byte[] packed = FourBitPacking.Pack(bytes, depth, channels);
        return packed.Length == ChannelTable.Bytes(rowBytes * channels, channels)
            && Enumerable.Range(0, depth * channels).All(i => FourBitRows.At(packed, i / depth * rowBytes, i % depth) == (sbyte)bytes[i])
            && packed.AsSpan(ChannelTable.Start(0, rowBytes * channels)).SequenceEqual(bytes.AsSpan(ChannelTable.Start(0, depth * channels)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_weight_that_needs_more_bits_is_refused()
    {
        byte[] bytes = new byte[ChannelTable.Bytes(4, 1)];
        bytes[2] = 8;
        Assert.Throws<LoweringException>(() => FourBitPacking.Pack(bytes, 4, 1));
    }

    public static TheoryData<string> Layers { get; } = ["connected", "pointwise", "convolution"];

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_with_4_bit_weights_gives_the_bits_of_the_same_layer_in_8_bits_from_a_smaller_file(string name)
    {
        ModelGraph packed = Graph(name, ElementType.Int4), plain = Graph(name, ElementType.Int8);
        // Without scratch both keep their plain kernels, and so the same parameters.
        var plainKernels = new EmitOptions { ScratchBytes = 0 };
        CompiledModel four = EmlmCompiler.Compile(packed, plainKernels), eight = EmlmCompiler.Compile(plain, plainKernels);
        Assert.Contains(four.Program.Layers, layer => IsFourBit(layer.Kernel));
        Assert.DoesNotContain(eight.Program.Layers, layer => IsFourBit(layer.Kernel));
        int weights = packed.Nodes[0].Inputs[1]!.Shape.ElementCount;
        Assert.InRange(eight.Bytes.Length - four.Bytes.Length, weights / 2 - 12, weights / 2 + 4);
        var random = new Random(2);
        for (int i = 0; i < 20; i++)
        {
            sbyte[] input = Array.ConvertAll(new sbyte[packed.Inputs[0].Tensor.Shape.ElementCount], _ => (sbyte)random.Next(-128, 128));
            Assert.Equal(Run(eight.Bytes, input), Run(four.Bytes, input));
        }
    }

    [Fact]
    public void Pages_cut_4_bit_layers_to_size_with_the_same_outputs()
    {
        ModelGraph graph = Graph("connected", ElementType.Int4);
        byte[] whole = EmlmCompiler.Compile(graph).Bytes;
        CompiledModel paged = EmlmCompiler.Compile(graph, new EmitOptions { PageBytes = 120 });
        Assert.True(paged.Program.Layers.Count > 1);
        Assert.All(paged.Program.Layers, layer => Assert.InRange(layer.Weights.Length, 1, 120));
        sbyte[] input = Array.ConvertAll(new sbyte[graph.Inputs[0].Tensor.Shape.ElementCount], _ => (sbyte)7);
        Assert.Equal(Run(whole, input), Run(paged.Bytes, input));
    }

    private static bool IsFourBit(OpCode kernel) => kernel is OpCode.FullyConnectedInt4 or OpCode.Conv2DInt4 or OpCode.PackedConv2DInt4;

    private static sbyte[] Run(byte[] file, sbyte[] input)
    {
        var interpreter = new Interpreter(Model.Load(file));
        interpreter.SetInput(0, input);
        interpreter.Invoke();
        var output = new sbyte[interpreter.Model.Output(0).Count];
        interpreter.GetOutput(0, output);
        return output;
    }

    internal static ModelGraph Graph(string name, ElementType weightType)
    {
        (Operator op, int[] input, int[] filter, int[] output) = name switch
        {
            "connected" => ((Operator)new FullyConnected(), (int[])[1, 51], (int[])[9, 51], (int[])[1, 9]),
            "pointwise" => (new Conv2D(new Window(1, 1)), [1, 4, 3, 7], [5, 1, 1, 7], [1, 4, 3, 5]),
            _ => (new Conv2D(new Window(3, 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1), Activation.Relu), [1, 5, 4, 6], [4, 3, 3, 3], [1, 5, 4, 4]),
        };
        var random = new Random(1);
        var graph = new ModelGraph { Name = name };
        var x = new Tensor("x", ElementType.Int8, new Shape(input), Scale);
        var y = new Tensor("y", ElementType.Int8, new Shape(output), new Quantization(0.4f, 5));
        sbyte[] weights = Array.ConvertAll(new sbyte[new Shape(filter).ElementCount], _ => (sbyte)random.Next(-7, 8));
        float[] scales = [.. Enumerable.Range(1, filter[0]).Select(i => 0.01f * i)];
        var w = new Tensor("w", weightType, new Shape(filter), new Quantization(scales, new int[filter[0]]), weights);
        var b = new Tensor("b", ElementType.Int32, new Shape(filter[0]), null, Array.ConvertAll(new int[filter[0]], _ => random.Next(-500, 500)));
        graph.Inputs.Add(new GraphPort(x));
        graph.Nodes.Add(new Node(name, op, [x, w, b], y));
        graph.Outputs.Add(new GraphPort(y));
        return graph;
    }
}
