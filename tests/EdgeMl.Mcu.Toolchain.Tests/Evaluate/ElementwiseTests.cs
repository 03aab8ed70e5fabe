using EdgeMl.Mcu.Toolchain.Graph;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Evaluate;

public class ElementwiseTests
{
    private static readonly Dictionary<BinaryKind, Func<double, double, double>> BinaryFunctions = new()
    {
        [BinaryKind.Add] = (a, b) => a + b,
        [BinaryKind.Sub] = (a, b) => a - b,
        [BinaryKind.Mul] = (a, b) => a * b,
        [BinaryKind.Div] = (a, b) => a / b,
        [BinaryKind.Maximum] = Math.Max,
        [BinaryKind.Minimum] = Math.Min,
        [BinaryKind.Power] = Math.Pow,
        [BinaryKind.SquaredDifference] = (a, b) => (a - b) * (a - b),
        [BinaryKind.PRelu] = (a, b) => a < 0 ? a * b : a,
    };

    private static readonly Dictionary<UnaryKind, Func<double, double>> UnaryFunctions = new()
    {
        [UnaryKind.Relu] = x => Math.Max(0, x),
        [UnaryKind.Relu6] = x => Math.Clamp(x, 0, 6),
        [UnaryKind.ReluN1To1] = x => Math.Clamp(x, -1, 1),
        [UnaryKind.Clip] = x => Math.Clamp(x, 0.25, 0.5),
        [UnaryKind.LeakyRelu] = x => x > 0 ? x : 0.25 * x,
        [UnaryKind.Elu] = x => x > 0 ? x : 0.25 * (Math.Exp(x) - 1),
        [UnaryKind.HardSwish] = x => x * Math.Clamp(x + 3, 0, 6) / 6,
        [UnaryKind.HardSigmoid] = x => Math.Clamp(0.25 * x + 0.5, 0, 1),
        [UnaryKind.Logistic] = x => 1 / (1 + Math.Exp(-x)),
        [UnaryKind.Tanh] = Math.Tanh,
        [UnaryKind.Abs] = Math.Abs,
        [UnaryKind.Neg] = x => -x,
        [UnaryKind.Exp] = Math.Exp,
        [UnaryKind.Log] = Math.Log,
        [UnaryKind.Sqrt] = Math.Sqrt,
        [UnaryKind.Rsqrt] = x => 1 / Math.Sqrt(x),
        [UnaryKind.Square] = x => x * x,
        [UnaryKind.Softplus] = x => Math.Log(1 + Math.Exp(x)),
        [UnaryKind.Softsign] = x => x / (1 + Math.Abs(x)),
        [UnaryKind.Erf] = Erf,
        [UnaryKind.Gelu] = x => 0.5 * x * (1 + Erf(x / Math.Sqrt(2))),
        [UnaryKind.GeluTanh] = x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        [UnaryKind.Mish] = x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))),
        [UnaryKind.Selu] = x => 0.5 * (x > 0 ? x : 0.25 * (Math.Exp(x) - 1)),
        [UnaryKind.Celu] = x => Math.Max(0, x) + Math.Min(0, 0.25 * (Math.Exp(x / 0.25) - 1)),
        [UnaryKind.ThresholdedRelu] = x => x > 0.25 ? x : 0,
        [UnaryKind.Power] = x => Math.Pow(x, 0.25),
        [UnaryKind.Reciprocal] = x => 1 / x,
        [UnaryKind.Sign] = x => Math.Sign(x),
    };

    [Fact]
    public void Binary_operators_broadcast_like_NumPy() => Prop.ForAll(
        (from output in Gen.Choose(1, 4).ListOf(4)
         from a in Operand(output)
         from b in Operand(output)
         select (a, b)).ToArbitrary(),
        Gen.Elements(BinaryFunctions.Keys.ToArray()).ToArbitrary(),
        Gen.Elements(Enum.GetValues<Activation>()).ToArbitrary(),
        (operands, kind, activation) =>
        {
            (Shape a, Shape b) = operands;
            Shape output = Broadcast(a, b);
            float[] x = Nodes.Random(a.ElementCount, a), y = Nodes.Random(b.ElementCount + 1, b);
            if (kind == BinaryKind.Power)
                x = Array.ConvertAll(x, Math.Abs);
            double[] expected = [.. Enumerable.Range(0, output.ElementCount).Select(i => Nodes.Clamp(
                activation, BinaryFunctions[kind](x[BroadcastIndex(i, output, a)], y[BroadcastIndex(i, output, b)])))];
            return Nodes.AreClose(expected, Nodes.Run(new Binary(kind, activation), output, (a, x), (b, y)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_unary_operator_is_its_function()
    {
        var shape = new Shape(401);
        float[] any = [.. Enumerable.Range(-200, 401).Select(i => i * 0.05f)];
        float[] positive = [.. Enumerable.Range(1, 401).Select(i => i * 0.05f)];
        foreach (UnaryKind kind in Enum.GetValues<UnaryKind>())
        {
            float[] x = kind is UnaryKind.Log or UnaryKind.Sqrt or UnaryKind.Rsqrt or UnaryKind.Power or UnaryKind.Reciprocal ? positive : any;
            float[] y = Nodes.Run(new Unary(kind, 0.25f, 0.5f), shape, (shape, x));
            Assert.True(Nodes.AreClose([.. x.Select(value => UnaryFunctions[kind](value))], y), kind.ToString());
        }
    }

    /// <summary>2 / sqrt(pi) times the integral of exp(-t²) from 0 to x, by Simpson's rule.</summary>
    private static double Erf(double x)
    {
        const int Steps = 400;
        double h = x / Steps;
        double sum = 1 + Math.Exp(-x * x);
        for (int i = 1; i < Steps; i++)
            sum += (i % 2 == 0 ? 2 : 4) * Math.Exp(-(i * h) * (i * h));
        return 2 / Math.Sqrt(Math.PI) * sum * h / 3;
    }

    [Fact]
    public void Powers_are_taken_element_by_element()
    {
        var shape = new Shape(3);
        Assert.Equal([4, 8, 0.5f], Nodes.Run(new Binary(BinaryKind.Power), shape, (shape, [-2, 2, 4]), (shape, [2, 3, -0.5f])));
    }

    [Fact]
    public void Logistic_and_tanh_saturate_at_large_inputs()
    {
        var shape = new Shape(2);
        Assert.Equal([0, 1], Nodes.Run(new Unary(UnaryKind.Logistic), shape, (shape, [-1e30f, 1e30f])));
        Assert.Equal([-1, 1], Nodes.Run(new Unary(UnaryKind.Tanh), shape, (shape, [-1e30f, 1e30f])));
    }

    [Fact]
    public void Batch_normalisation_scales_and_shifts_each_channel()
    {
        float[] y = Nodes.Run(
            new BatchNormalization(1), new Shape(2, 2), (new Shape(2, 2), [1, 2, 3, 4]),
            (new Shape(2), [2, 10]), (new Shape(2), [0, 1]), (new Shape(2), [1, 2]), (new Shape(2), [3, 24]));
        Assert.Equal([0, 1, 2, 5], y);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0.5f)]
    public void Softmax_sums_to_one_and_survives_large_inputs(float beta)
    {
        var shape = new Shape(2, 3);
        float[] x = [1, 2, 3, 1000, 1001, 999];
        double[] expected = [.. x.Chunk(3).SelectMany(row =>
        {
            double[] e = [.. row.Select(v => Math.Exp((v - row.Max()) * (double)beta))];
            return e.Select(v => v / e.Sum());
        })];
        Assert.True(Nodes.AreClose(expected, Nodes.Run(new Softmax(beta), shape, (shape, x))));
    }

    [Fact]
    public void Logarithm_of_softmax_stays_finite_where_softmax_is_zero()
    {
        var shape = new Shape(3);
        Assert.Equal([-1000, 0, -500], Nodes.Run(new LogSoftmax(), shape, (shape, [-1000, 0, -500])));
    }

    private static Gen<Shape> Operand(List<int> output) =>
        from drop in Gen.Choose(0, output.Count)
        from ones in Gen.Choose(0, 15)
        select new Shape([.. output.Skip(drop).Select((dimension, axis) => (ones >> axis & 1) != 0 ? 1 : dimension)]);

    private static Shape Broadcast(Shape a, Shape b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        return new Shape([.. Enumerable.Range(-rank, rank).Select(axis => Math.Max(axis < -a.Rank ? 1 : a[axis], axis < -b.Rank ? 1 : b[axis]))]);
    }

    private static int BroadcastIndex(int index, Shape output, Shape operand)
    {
        int[] outputStrides = output.Strides(), strides = operand.Strides();
        int skipped = output.Rank - operand.Rank;
        return Enumerable.Range(0, operand.Rank).Sum(axis =>
            operand[axis] == 1 ? 0 : index / outputStrides[axis + skipped] % output[axis + skipped] * strides[axis]);
    }
}
