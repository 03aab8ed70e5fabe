using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Plan;

public class BinaryLoweringTests
{
    private static readonly Shape All = new(256);

    private static readonly sbyte[] AllValues = [.. Enumerable.Range(-128, 256).Select(value => (sbyte)value)];

    [Fact]
    public void A_table_gives_what_the_kernel_gives() => Prop.ForAll(
        Gen.Elements(Enum.GetValues<BinaryKind>().Where(kind => kind != BinaryKind.Power)).ToArbitrary(),
        Quantizations().Three().ToArbitrary(),
        (from constant in Gen.Choose(-128, 127) from isFirst in Gen.Elements(true, false) select ((sbyte)constant, isFirst)).ToArbitrary(),
        (kind, quantizations, operand) =>
        {
            (Quantization first, Quantization second, Quantization output) = quantizations;
            (sbyte constant, bool isFirst) = operand;
            sbyte[] repeated = [.. Enumerable.Repeat(constant, 256)];
            (sbyte[] x, sbyte[] y) = isFirst ? (repeated, AllValues) : (AllValues, repeated);
            ModelGraph kernel = Graph(kind, output, (first, null), (second, null));
            ModelGraph table = Graph(kind, output, (first, isFirst ? repeated : null), (second, isFirst ? null : repeated));
            Assert.Equal([OpCode.Lookup], GraphLowering.Lower(table).Layers.Select(layer => layer.Kernel));
            Assert.Equal(Run(kernel, x, y), Run(table, AllValues));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Quotients_are_within_a_step_of_the_exact_ones_and_saturate_at_zero()
    {
        var unit = new Quantization(1f / 64, 0);
        sbyte[] divisors = [-128, -3, -1, 0, 1, 2, 7, 127];
        foreach (sbyte divisor in divisors)
        {
            sbyte[] quotients = Run(Graph(BinaryKind.Div, unit, (unit, null), (unit, [.. Enumerable.Repeat(divisor, 256)])), AllValues);
            for (int i = 0; i < 256; i++)
            {
                double exact = AllValues[i] * 64.0 / divisor;
                double saturated = AllValues[i] == 0 ? 0 : Math.Clamp(exact, -128, 127);
                Assert.InRange(quotients[i] - saturated, -1, 1);
            }
        }
    }

    [Fact]
    public void Operands_broadcast_over_five_axes_in_turn_are_refused_by_name()
    {
        var graph = new ModelGraph { Name = "deep" };
        var unit = new Quantization(1f / 64, 0);
        Tensor[] inputs = [new("a", ElementType.Int8, new Shape(2, 1, 2, 1, 2), unit), new("b", ElementType.Int8, new Shape(1, 2, 1, 2, 1), unit)];
        var output = new Tensor("y", ElementType.Int8, new Shape(2, 2, 2, 2, 2), unit);
        graph.Inputs.AddRange(inputs.Select(input => new GraphPort(input)));
        graph.Nodes.Add(new Node("y", new Binary(BinaryKind.Mul), inputs, output));
        graph.Outputs.Add(new GraphPort(output));
        var error = Assert.Throws<ToolchainException>(() => GraphLowering.Lower(graph));
        Assert.Equal(ErrorCodes.NotRunnable, error.Code);
        Assert.Contains("Mul 'y'", error.Message, StringComparison.Ordinal);
    }

    private static Gen<Quantization> Quantizations() =>
        from scale in Gen.Choose(1, 400)
        from zeroPoint in Gen.Choose(-128, 127)
        select new Quantization(scale / 1000f, zeroPoint);

    private static ModelGraph Graph(BinaryKind kind, Quantization output, params (Quantization Quantization, sbyte[]? Data)[] operands)
    {
        var graph = new ModelGraph { Name = "binary" };
        Tensor[] inputs = [.. operands.Select((operand, i) => new Tensor($"x{i}", ElementType.Int8, All, operand.Quantization, operand.Data))];
        graph.Inputs.AddRange(inputs.Where(input => !input.IsConstant).Select(input => new GraphPort(input)));
        var y = new Tensor("y", ElementType.Int8, All, output);
        graph.Nodes.Add(new Node("y", new Binary(kind), inputs, y));
        graph.Outputs.Add(new GraphPort(y));
        return graph;
    }

    private static sbyte[] Run(ModelGraph graph, params sbyte[][] inputs)
    {
        Assert.Equal(Error.None, Model.TryLoad(EmlmCompiler.Compile(graph).Bytes, out Model model));
        var interpreter = new Interpreter(model);
        for (int i = 0; i < inputs.Length; i++)
            interpreter.SetInput(i, inputs[i]);
        interpreter.Invoke();
        var output = new sbyte[256];
        interpreter.GetOutput(0, output);
        return output;
    }
}
