using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>An operator as a .tflite file holds it, on its way to a <see cref="Node"/>.</summary>
internal sealed class TfLiteNode(string name, FlatTable? options, Tensor?[] inputs, Tensor[] outputs)
{
    public string Name => name;

    public Tensor?[] Inputs => inputs;

    public Tensor[] Outputs => outputs;

    public Tensor Output => outputs[0];

    /// <summary>A required input.</summary>
    public Tensor Input(int index) =>
        index < inputs.Length && inputs[index] is { } tensor ? tensor : throw TfLiteImporter.Invalid($"'{name}' lacks input {index}");

    /// <summary>A required input that must be known before the model runs.</summary>
    public Tensor ConstantInput(int index)
    {
        Tensor tensor = Input(index);
        return tensor.IsConstant ? tensor : throw new UnsupportedNodeException($"input {index} is computed at run time");
    }

    /// <summary>A constant input as integers.</summary>
    public int[] ConstantInts(int index)
    {
        Tensor tensor = ConstantInput(index);
        if (tensor.Type is not (ElementType.Int32 or ElementType.Int64))
            throw TfLiteImporter.Invalid($"input {index} of '{name}' is {tensor.Type.JsonName()} instead of int32");
        return Array.ConvertAll(tensor.Integers(), value => (int)Math.Clamp(value, int.MinValue, int.MaxValue));
    }

    public int ByteOption(int field, int missing = 0) => options?.Byte(field, missing) ?? missing;

    public int IntOption(int field, int missing = 0) => options?.Int(field, missing) ?? missing;

    public float FloatOption(int field, float missing = 0) => options?.Float(field, missing) ?? missing;

    public int[] IntsOption(int field) => options?.Ints(field) ?? [];

    /// <summary>An integer option that must be positive and sane: strides, window sizes, dilations.</summary>
    public int PositiveOption(int field, int missing = 0)
    {
        int value = IntOption(field, missing);
        return value is > 0 and < 1 << 15 ? value : throw TfLiteImporter.Invalid($"'{name}' has the option {value} where a positive number is needed");
    }

    /// <summary>A fused activation.</summary>
    public Activation Activation(int field) => ByteOption(field) switch
    {
        0 => Graph.Activation.None,
        1 => Graph.Activation.Relu,
        2 => Graph.Activation.ReluN1To1,
        3 => Graph.Activation.Relu6,
        var other => throw new UnsupportedNodeException($"fused activation {other}"),
    };

    /// <summary>An axis option or value, made non-negative.</summary>
    public int Axis(int axis, int rank)
    {
        int positive = axis < 0 ? axis + rank : axis;
        return positive >= 0 && positive < rank ? positive : throw TfLiteImporter.Invalid($"'{name}' has the axis {axis} for {rank} dimensions");
    }
}

/// <summary>A variant of a known operator that is not supported; the importer collects the reasons.</summary>
internal sealed class UnsupportedNodeException(string reason) : Exception(reason);
