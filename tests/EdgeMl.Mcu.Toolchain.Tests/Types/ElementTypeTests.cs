using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Edges;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Types;

/// <summary>Tensors of every element type, from the graph through the file to the interpreter.</summary>
public sealed class ElementTypeTests
{
    [Theory]
    [InlineData(ElementType.Int8, 6)]
    [InlineData(ElementType.UInt8, 6)]
    [InlineData(ElementType.Bool, 6)]
    [InlineData(ElementType.Int16, 12)]
    [InlineData(ElementType.Int32, 24)]
    [InlineData(ElementType.Int64, 48)]
    public void A_transpose_moves_whole_elements(ElementType type, int bytes)
    {
        var interpreter = new Interpreter(Transposed(type));
        byte[] input = [.. Enumerable.Range(1, bytes).Select(i => (byte)i)];
        int size = bytes / 6;
        interpreter.SetInput(0, input);
        interpreter.Invoke();
        byte[] output = new byte[bytes];
        interpreter.GetOutput(0, output);

        int[] order = [0, 3, 1, 4, 2, 5];
        Assert.Equal(order.SelectMany(i => input[(i * size)..((i + 1) * size)]), output);
        Assert.Equal(bytes, interpreter.Model.Input(0).ByteCount);
        Assert.Equal(Error.None, interpreter.SelfTest());
    }

    [Fact]
    public void Int16_values_and_reals_go_in_and_out()
    {
        var interpreter = new Interpreter(Transposed(ElementType.Int16));
        interpreter.SetInput(0, new short[] { -32768, -1, 0, 1, 256, 32767 });
        interpreter.Invoke();
        var values = new short[6];
        interpreter.GetOutput(0, values);
        Assert.Equal([-32768, 1, -1, 256, 0, 32767], values);
        Assert.Equal(5, interpreter.ArgMax(0));

        interpreter.SetInput(0, new[] { 0.25f, -0.25f, 1e9f, -1e9f, float.NaN, 100 });
        interpreter.Invoke();
        interpreter.GetOutput(0, values);
        Assert.Equal([1, -32768, -1, 0, 32767, 200], values);
        var reals = new float[6];
        interpreter.GetOutput(0, reals);
        Assert.Equal([0.5f, -16384, -0.5f, 0, 16383.5f, 100], reals);
    }

    [Fact]
    public void An_array_of_another_type_is_refused()
    {
        var interpreter = new Interpreter(Transposed(ElementType.Int16));

        Assert.Equal(Error.WrongType, Assert.Throws<ModelException>(() => interpreter.SetInput(0, new sbyte[6])).Error);
        Assert.Equal(Error.WrongType, Assert.Throws<ModelException>(() => interpreter.SetInput(0, new int[6])).Error);
        Assert.Equal(Error.WrongType, Assert.Throws<ModelException>(() => interpreter.GetOutput(0, new sbyte[6])).Error);
        Assert.Equal(Error.WrongLength, Assert.Throws<ModelException>(() => interpreter.SetInput(0, new byte[6])).Error);
        Assert.Equal(Error.WrongType, Assert.Throws<ModelException>(() => new Interpreter(Transposed(ElementType.Int32)).SetInput(0, new float[6])).Error);
    }

    [Theory]
    [InlineData(TensorType.Int64 + 1)]
    [InlineData(TensorType.Int64)]
    public void An_element_type_that_is_unknown_or_reaches_outside_the_arena_does_not_load(TensorType type)
    {
        byte[] file = Compile(ElementType.Int8);
        file[ModelFormat.Header.Size + ModelFormat.TensorRecord.TypeOffset] = (byte)type;
        BitConverter.TryWriteBytes(file.AsSpan(file.Length - 4), Crc32.Compute(file, 0, file.Length - 4));

        Assert.Equal(Error.BadTensor, Model.TryLoad(file, out _));
    }

    [Fact]
    public void Quantising_a_real_gives_what_the_quantize_operator_gives() => Prop.ForAll<int, ushort, (short, bool)>((value, scale, rest) =>
    {
        (short point, bool wide) = rest;
        float step = (scale + 1) / 4096f;
        float real = value / 1024f;
        int zeroPoint = wide ? point : point & 0xFF;
        (ElementType graph, TensorType device) = wide ? (ElementType.Int16, TensorType.Int16) : (ElementType.UInt8, TensorType.UInt8);

        return TypedFloatEdge.Quantize(real, step, zeroPoint, (int)device) == QuantizedValues.Nearest(real, step, zeroPoint, QuantizedValues.Limits(graph));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_element_that_was_written_is_read_back() => Prop.ForAll(Gen.Elements(Enum.GetValues<TensorType>()).ToArbitrary(), ArbMap.Default.ArbFor<int>(), (type, value) =>
    {
        var arena = new sbyte[12];
        int held = Math.Clamp(value, Element.Min((int)type), Element.Max((int)type));
        Element.Write(arena, 2, (int)type, held);
        int end = 2 + (1 << Element.SizeShift((int)type));
        return Element.Read(arena, 2, (int)type) == held && arena.AsSpan(end).IndexOfAnyExcept((sbyte)0) < 0
            && (type != TensorType.Int64 || arena[9] == (held < 0 ? -1 : 0));
    }).QuickCheckThrowOnFailure();

    private static Model Transposed(ElementType type) => Model.Load(Compile(type));

    private static byte[] Compile(ElementType type)
    {
        Quantization? quantization = type is ElementType.Bool or ElementType.Int64 ? null : new(0.5f, 0);
        var x = new Tensor("x", type, new Shape(2, 3), quantization);
        var y = new Tensor("y", type, new Shape(3, 2), quantization);
        var graph = new ModelGraph { Name = "transposed" };
        graph.Inputs.Add(new GraphPort(x));
        graph.Nodes.Add(new Node("move", new Transpose([1, 0]), [x], y));
        graph.Outputs.Add(new GraphPort(y));
        return EmlmCompiler.Compile(graph).Bytes;
    }
}
