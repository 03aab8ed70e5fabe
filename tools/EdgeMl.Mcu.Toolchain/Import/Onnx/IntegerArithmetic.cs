using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx;

/// <summary>Integer arithmetic on constants: how exported models compute shapes.</summary>
internal static class IntegerArithmetic
{
    /// <summary>The elements of a broadcasting operation.</summary>
    public static Array Evaluate(BinaryKind kind, Shape output, Tensor left, Tensor right)
    {
        long[] a = Integers(left, output);
        long[] b = Integers(right, output);
        var result = new long[a.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = Evaluate(kind, a[i], b[i]);
        return OfType(left.Type, result);
    }

    /// <summary>The elements of a function of one integer.</summary>
    public static Array Evaluate(UnaryKind kind, Tensor x)
    {
        Func<long, long> function = kind switch
        {
            UnaryKind.Neg => v => -v,
            UnaryKind.Abs => v => v < 0 ? -v : v,
            UnaryKind.Sign => v => Math.Sign(v),
            UnaryKind.Relu => v => Math.Max(v, 0),
            _ => throw OnnxErrors.Unsupported($"{kind} of {x.Type.JsonName()} values"),
        };
        return OfType(x.Type, Array.ConvertAll(x.Integers(), value => function(value)));
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
        _ when b == 0 => throw OnnxErrors.Unsupported("it divides by a constant 0"),
        _ when b == -1 => -a,
        _ => a / b,
    };
}
