using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx;

/// <summary>Values of nodes whose inputs are all constants: moved elements of any type, and integer arithmetic on shapes.</summary>
internal static class ConstantExpressions
{
    /// <summary>The elements of the output, or null where the operator computes reals.</summary>
    public static Array? TryEvaluate(Operator op, Shape output, IReadOnlyList<Tensor> inputs)
    {
        Tensor x = inputs[0];
        return op switch
        {
            Reshape => (Array)x.Data!.Clone(),
            Transpose transpose => ConstantData.Transpose(x.Data!, x.Shape, transpose.Permutation),
            StridedSlice slice => ConstantData.Slice(x.Data!, x.Shape, output, slice.Begin, slice.Strides),
            Concatenation concatenation => ConstantData.Concatenate([.. inputs.Select(input => (input.Data!, input.Shape))], concatenation.Axis),
            Binary binary when x.Type != ElementType.Float32 => EvaluateIntegers(binary.Kind, output, inputs),
            _ => null,
        };
    }

    private static Array EvaluateIntegers(BinaryKind kind, Shape output, IReadOnlyList<Tensor> inputs)
    {
        long[] a = Integers(inputs[0], output);
        long[] b = Integers(inputs[1], output);
        var result = new long[a.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = Evaluate(kind, a[i], b[i]);
        return OfType(inputs[0].Type, result);
    }

    /// <summary>Integers as the array of an element type; bits that do not fit are cut.</summary>
    public static Array OfType(ElementType type, long[] values) => type switch
    {
        ElementType.Float32 => Array.ConvertAll(values, v => (float)v),
        ElementType.Int8 => Array.ConvertAll(values, v => (sbyte)v),
        ElementType.UInt8 => Array.ConvertAll(values, v => (byte)v),
        ElementType.Int16 => Array.ConvertAll(values, v => (short)v),
        ElementType.Int32 => Array.ConvertAll(values, v => (int)v),
        ElementType.Bool => Array.ConvertAll(values, v => v != 0),
        _ => values,
    };

    private static long[] Integers(Tensor tensor, Shape output) => (long[])ConstantData.Broadcast(tensor.Integers(), tensor.Shape, output);

    private static long Evaluate(BinaryKind kind, long a, long b) => kind switch
    {
        BinaryKind.Add => a + b,
        BinaryKind.Sub => a - b,
        BinaryKind.Mul => a * b,
        BinaryKind.Maximum => Math.Max(a, b),
        BinaryKind.Minimum => Math.Min(a, b),
        _ when b is 0 or -1 => b == 0 ? throw OnnxErrors.Unsupported("it divides by a constant 0") : -a,
        _ => a / b,
    };
}
