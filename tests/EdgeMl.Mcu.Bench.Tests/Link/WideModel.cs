using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Bench.Tests.Link;

/// <summary>A model with many inputs and as many outputs: x + x.</summary>
internal static class WideModel
{
    public const int Width = 700;

    public static byte[] Bytes { get; } = Compile();

    private static byte[] Compile()
    {
        var graph = new ModelGraph { Name = "wide" };
        Tensor x = Activations("x");
        Tensor y = Activations("y");
        graph.Inputs.Add(new GraphPort(x));
        graph.Nodes.Add(new Node("sum", new Binary(BinaryKind.Add), [x, x], y));
        graph.Outputs.Add(new GraphPort(y));
        return EmlmCompiler.Compile(graph).Bytes;
    }

    private static Tensor Activations(string name) => new(name, ElementType.Int8, new Shape(1, Width), new Quantization(1f / 32, 0));
}
