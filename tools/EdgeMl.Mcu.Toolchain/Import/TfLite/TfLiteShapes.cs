using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>Operators that move elements or change the shape only.</summary>
internal static class TfLiteShapes
{
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

    public static void Pad(TfLiteNode source, ModelGraph graph)
    {
        int rank = source.Input(0).Shape.Rank;
        int[] amounts = source.ConstantInts(1);
        if (amounts.Length != 2 * rank || Array.Exists(amounts, amount => amount is < 0 or > 1 << 15))
            throw TfLiteImporter.Invalid($"PAD '{source.Name}' has the amounts [{string.Join(", ", amounts)}] for {rank} dimensions");
        int[] before = [.. amounts.Where((_, i) => i % 2 == 0)];
        int[] after = [.. amounts.Where((_, i) => i % 2 == 1)];
        TfLiteOperators.Add(graph, source, new Pad(before, after), source.Input(0));
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
        var slices = new Tensor?[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            slices[i] = new Tensor($"{source.Name}/{i}", inputs[i].Type, slice, inputs[i].Quantization);
            graph.Nodes.Add(new Node(slices[i]!.Name, new Reshape(), [inputs[i]], slices[i]!));
        }
        TfLiteOperators.Add(graph, source, new Concatenation(axis), slices);
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
