using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan.Tables;
using K = EdgeMl.Mcu.Runtime.Kernels.Lookup;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Functions of one int8 value: a table of all 256 results.</summary>
internal static class LookupLowering
{
    /// <summary>Unary operators and Quantize from int8 to int8.</summary>
    public static void Lower(Node node, ProgramBuilder builder)
    {
        Quantization input = ProgramBuilder.Int8(node.Input);
        Quantization output = ProgramBuilder.Int8(node.Output);
        sbyte[] table = node.Operator is Unary unary ? UnaryTable.Build(unary, input, output) : UnaryTable.Requantize(input, output);
        Add(node, node.Input, table, builder);
    }

    /// <summary>Adds a layer that maps each element of a node's input, whose shape the output has, through a table.</summary>
    public static void Add(Node node, Tensor input, sbyte[] table, ProgramBuilder builder)
    {
        var parameters = new int[K.Count];
        parameters[K.Length] = node.Output.Shape.ElementCount;
        builder.Add(node, OpCode.Lookup, parameters, Array.ConvertAll(table, value => (byte)value), inPlace: true, input: input);
    }
}
