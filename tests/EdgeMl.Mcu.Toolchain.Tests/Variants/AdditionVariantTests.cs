using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Variants;

/// <summary>Additions by tables against the plain kernel.</summary>
public class AdditionVariantTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    [Fact]
    public void A_random_addition_by_tables_gives_the_scalar_bits_for_all_pairs_of_inputs()
    {
        int compared = 0;
        Prop.ForAll(Seeds, seed =>
        {
            ModelGraph graph = Create(new Random(seed));
            Model plain = ForcedVariant.Plain(graph);
            sbyte[]? expected = null;
            foreach (ForcedVariant variant in ForcedVariant.All(graph, 1 << 20).Where(variant => variant.Layer.Kernel == OpCode.TableAdd))
            {
                expected ??= Run(plain);
                compared++;
                Assert.True(Run(variant.Model).AsSpan().SequenceEqual(expected), $"seed {seed}: [{string.Join(", ", variant.Layer.Parameters)}]");
            }
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
        Assert.True(compared >= 100, $"Only {compared} additions by tables.");
    }

    private static sbyte[] Run(Model model)
    {
        var interpreter = new Interpreter(model);
        interpreter.Arena.AsSpan().Fill(85);
        interpreter.SetInput(0, [.. Enumerable.Range(0, 65_536).Select(i => (sbyte)(i >> 8))]);
        interpreter.SetInput(1, [.. Enumerable.Range(0, 65_536).Select(i => (sbyte)i)]);
        ForcedVariant.OnDeviceKernels(interpreter.Invoke);
        var output = new sbyte[65_536];
        interpreter.GetOutput(0, output);
        return output;
    }

    private static ModelGraph Create(Random random)
    {
        var graph = new ModelGraph { Name = "addition" };
        Tensor a = Tensor("a", random);
        Tensor b = random.Next(6) == 0 ? new Tensor("b", ElementType.Int8, a.Shape, a.Quantization) : Tensor("b", random);
        Tensor y = Tensor("y", random);
        graph.Inputs.Add(new GraphPort(a));
        graph.Inputs.Add(new GraphPort(b));
        graph.Nodes.Add(new Node("add", new Binary(BinaryKind.Add, (Activation)random.Next(4)), [a, b], y));
        graph.Outputs.Add(new GraphPort(y));
        return graph;
    }

    private static Tensor Tensor(string name, Random random) =>
        new(name, ElementType.Int8, new Shape(1, 65_536), new Quantization(0.01f * MathF.Pow(2, 4 * random.NextSingle()), random.Next(4) == 0 ? -128 : random.Next(-128, 128)));
}
