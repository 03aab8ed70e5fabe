using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using GraphShape = EdgeMl.Mcu.Toolchain.Graph.Shape;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Constants, shape arithmetic, and operators that do nothing in a trained model.</summary>
internal static class Constants
{
    public static Tensor Identity(OnnxNode node) => node.Input(0);

    /// <summary>Dropout, which does nothing in a trained model.</summary>
    public static Tensor Dropout(OnnxNode node)
    {
        node.Attributes.Ignore("ratio", "seed", "is_test");
        bool drops = node.Constant(2)?.Integers() is [not 0] && node.Constant(1)?.Reals() is not [0];
        return drops ? throw OnnxErrors.Unsupported("training mode") : node.Input(0);
    }

    /// <summary>Cast of constants; reals of all widths are one type.</summary>
    public static Tensor Cast(OnnxNode node)
    {
        node.Attributes.Ignore("saturate", "round_mode");
        Tensor x = node.Input(0);
        var target = (Proto.TensorProto.Types.DataType)node.Attributes.Integer("to", 0);
        ElementType type = OnnxTensors.TypeOf(target) ?? throw OnnxErrors.Unsupported($"the element type {OnnxTensors.TypeName(target)}");
        if (x.Type == type)
            return x;
        if (!x.IsConstant)
            throw OnnxErrors.Unsupported($"{x.Type.JsonName()} to {type.JsonName()} while the model runs");
        return node.NewConstant("cast", type, x.Shape, Convert(x, type));
    }

    /// <summary>Constant in any of its forms but text and sparse tensors.</summary>
    public static Tensor Constant(OnnxNode node)
    {
        OnnxAttributes attributes = node.Attributes;
        if (attributes.Tensor("value") is { } tensor)
            return tensor;
        if (attributes.Has("value_float"))
            return node.NewConstant("value", new GraphShape(), [attributes.Real("value_float", 0)]);
        if (attributes.Has("value_int"))
            return node.NewConstant("value", ElementType.Int64, new GraphShape(), new[] { attributes.Integer("value_int", 0) });
        if (attributes.Reals("value_floats") is { } reals)
            return node.NewConstant("value", new GraphShape(reals.Length), reals);
        if (attributes.Integers("value_ints") is { } integers)
            return node.NewConstant("value", ElementType.Int64, new GraphShape(integers.Length), integers);
        throw OnnxErrors.Unsupported("a constant that is no tensor of numbers");
    }

    /// <summary>A tensor of one repeated value, 0 where none is given.</summary>
    public static Tensor ConstantOfShape(OnnxNode node)
    {
        GraphShape shape = OnnxErrors.CheckedShape(node.IntegerConstant(0) ?? throw node.Invalid("the shape is missing"), $"ConstantOfShape '{node.Name}'");
        if (shape.ElementCount > OnnxErrors.MaxFoldedElements / 16)
            throw OnnxErrors.Unsupported($"a constant of the shape {shape}");
        Tensor value = node.Attributes.Tensor("value") ?? new Tensor("value", ElementType.Float32, new GraphShape(1), null, new float[1]);
        if (value.Shape.ElementCount != 1)
            throw node.Invalid($"the value has the shape {value.Shape}");
        return node.NewConstant("value", value.Type, shape, ConstantData.Broadcast(value.Data!, new GraphShape(1), new GraphShape(shape.ElementCount)));
    }

    /// <summary>Shape: the dimensions, which are all known.</summary>
    public static Tensor Shape(OnnxNode node)
    {
        long[] dimensions = [.. node.Input(0).Shape.Select(dimension => (long)dimension)];
        long rank = dimensions.Length;
        long start = node.Attributes.Integer("start", 0);
        long end = node.Attributes.Integer("end", rank);
        start = Math.Clamp(start < 0 ? start + rank : start, 0, rank);
        end = Math.Clamp(end < 0 ? end + rank : end, start, rank);
        return node.NewConstant("shape", ElementType.Int64, new GraphShape((int)(end - start)), dimensions[(int)start..(int)end]);
    }

    /// <summary>Size: the number of elements.</summary>
    public static Tensor Size(OnnxNode node) =>
        node.NewConstant("size", ElementType.Int64, new GraphShape(), new[] { (long)node.Input(0).Shape.ElementCount });

    /// <summary>Range between constants.</summary>
    public static Tensor Range(OnnxNode node)
    {
        ElementType type = node.Input(0).Type;
        double[] bounds = [.. Enumerable.Range(0, 3).Select(i => Bound(node, i, type))];
        if (bounds.Any(bound => !(Math.Abs(bound) <= OnnxErrors.MaxElements)) || bounds[2] == 0)
            throw node.Invalid($"the range {bounds[0]} to {bounds[1]} in steps of {bounds[2]} is not possible");
        double count = Math.Max(0, Math.Ceiling((bounds[1] - bounds[0]) / bounds[2]));
        if (count > OnnxErrors.MaxFoldedElements / 16)
            throw OnnxErrors.Unsupported($"a range of {count} elements");
        var values = new double[(int)count];
        for (int i = 0; i < values.Length; i++)
            values[i] = bounds[0] + i * bounds[2];
        Array data = type == ElementType.Float32
            ? Array.ConvertAll(values, value => (float)value)
            : IntegerArithmetic.OfType(type, Array.ConvertAll(values, value => (long)value));
        return node.NewConstant("range", type, new GraphShape(values.Length), data);
    }

    private static double Bound(OnnxNode node, int input, ElementType type)
    {
        Tensor bound = node.Constant(input) ?? throw node.Invalid("a bound is missing");
        if (bound.Type != type || bound.Shape.ElementCount != 1)
            throw node.Invalid($"the bound '{bound.Name}' is {bound.Type.JsonName()} {bound.Shape}");
        return type == ElementType.Float32 ? bound.Reals()[0] : bound.Integers()[0];
    }

    private static Array Convert(Tensor x, ElementType type)
    {
        if (type == ElementType.Float32)
            return x.Reals();
        long[] integers = x.Type == ElementType.Float32 ? Array.ConvertAll(x.Reals(), v => (long)v) : x.Integers();
        return IntegerArithmetic.OfType(type, type == ElementType.Bool && x.Type == ElementType.Float32
            ? Array.ConvertAll(x.Reals(), v => v != 0 ? 1L : 0L)
            : integers);
    }
}
