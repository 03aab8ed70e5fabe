using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>Operators that move elements or change the shape only.</summary>
internal static class TfLiteShapes
{
    private const int MaxConstant = 1 << 20;

    /// <summary>Reshape, Squeeze and ExpandDims: the file states the output's shape, so the inputs that compute it are not needed.</summary>
    public static void Reshape(TfLiteNode source, ModelGraph graph)
    {
        Tensor x = source.Input(0);
        if (x.Shape.ElementCount != source.Output.Shape.ElementCount)
            throw TfLiteImporter.Invalid($"'{source.Name}' reshapes {x.Shape} to {source.Output.Shape}");
        TfLiteOperators.Add(graph, source, new Reshape(), x);
    }

    public static void Transpose(TfLiteNode source, ModelGraph graph)
    {
        int[] permutation = source.ConstantInts(1);
        int rank = source.Input(0).Shape.Rank;
        if (!permutation.Order().SequenceEqual(Enumerable.Range(0, rank)))
            throw TfLiteImporter.Invalid($"TRANSPOSE '{source.Name}' has the permutation [{string.Join(", ", permutation)}] for {rank} dimensions");
        TfLiteOperators.Add(graph, source, new Transpose(permutation), source.Input(0));
    }

    public static void Concatenation(TfLiteNode source, ModelGraph graph)
    {
        if (source.Activation(1) != Activation.None)
            throw new UnsupportedNodeException("fused activation");
        int axis = source.Axis(source.IntOption(0), source.Output.Shape.Rank);
        TfLiteOperators.Add(graph, source, new Concatenation(axis), [.. source.Inputs.Select((_, i) => source.Input(i))]);
    }

    /// <summary>Pack: each input gets an axis of size 1, then they are joined along it. Integer constants are packed here.</summary>
    public static void Pack(TfLiteNode source, ModelGraph graph)
    {
        int axis = source.Axis(source.IntOption(1), source.Output.Shape.Rank);
        Shape slice = source.Output.Shape.With(axis, 1);
        Tensor[] inputs = [.. source.Inputs.Select((_, i) => source.Input(i))];
        if (inputs.Length != source.Output.Shape[axis] || Array.Exists(inputs, input => input.Shape.ElementCount != slice.ElementCount))
            throw TfLiteImporter.Invalid($"PACK '{source.Name}' does not give {source.Output.Shape}");
        if (Array.TrueForAll(inputs, input => input.Data is int[]) && slice.ElementCount == 1)
        {
            source.Output.Data = inputs.Select(input => ((int[])input.Data!)[0]).ToArray();
            return;
        }
        Tensor?[] slices = Array.ConvertAll(inputs, input => TfLiteSteps.Add(graph, source, new Reshape(), input, slice));
        TfLiteOperators.Add(graph, source, new Concatenation(axis), slices);
    }

    /// <summary>Values along axes of size 1 or missing axes are repeated; Fill repeats its scalar value.</summary>
    public static void BroadcastTo(TfLiteNode source, ModelGraph graph, int valueInput)
    {
        Tensor x = source.Input(valueInput);
        Shape target = source.Output.Shape;
        if (x.Shape.Rank > target.Rank || !CanBroadcast(x.Shape, target))
            throw TfLiteImporter.Invalid($"'{source.Name}' repeats {x.Shape} to {target}");
        TfLiteOperators.Add(graph, source, new BroadcastTo(), x);
    }

    /// <summary>Integers of value 0, whatever their zero point, as in the TensorFlow Lite reference.</summary>
    public static void ZerosLike(TfLiteNode source, ModelGraph graph)
    {
        Tensor output = source.Output;
        if (!source.Input(0).Shape.Equals(output.Shape))
            throw TfLiteImporter.Invalid($"ZEROS_LIKE '{source.Name}' gives {output.Shape} for {source.Input(0).Shape}");
        if (output.Shape.ElementCount > MaxConstant)
            throw new UnsupportedNodeException($"{output.Shape.ElementCount} zeros");
        output.Data = output.Type switch
        {
            ElementType.Float32 => new float[output.Shape.ElementCount],
            ElementType.Int8 => new sbyte[output.Shape.ElementCount],
            ElementType.Int16 => new short[output.Shape.ElementCount],
            ElementType.Int32 => new int[output.Shape.ElementCount],
            ElementType.Int64 => new long[output.Shape.ElementCount],
            _ => throw new UnsupportedNodeException($"element type {output.Type.JsonName()}"),
        };
    }

    private static bool CanBroadcast(Shape x, Shape target)
    {
        for (int i = 1; i <= x.Rank; i++)
        {
            if (x[-i] != 1 && x[-i] != target[-i])
                return false;
        }
        return true;
    }

    /// <summary>The shape of a tensor is known: it becomes a constant.</summary>
    public static void Shape(TfLiteNode source, ModelGraph graph)
    {
        int[] shape = source.Input(0).Shape.ToArray();
        if (source.Output.Shape.ElementCount != shape.Length)
            throw TfLiteImporter.Invalid($"SHAPE '{source.Name}' gives {source.Output.Shape} for {shape.Length} dimensions");
        source.Output.Data = source.Output.Type == ElementType.Int64 ? Array.ConvertAll(shape, value => (long)value) : shape;
    }
}
