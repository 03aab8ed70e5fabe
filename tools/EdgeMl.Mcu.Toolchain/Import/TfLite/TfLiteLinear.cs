using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>Fully connected layers, and what they share with convolutions.</summary>
internal static class TfLiteLinear
{
    public static void FullyConnected(TfLiteNode source, ModelGraph graph)
    {
        if (source.ByteOption(1) != 0)
            throw new UnsupportedNodeException("shuffled weights");
        Tensor x = source.Input(0);
        Tensor weights = source.ConstantInput(1);
        if (weights.Shape.Rank != 2 || weights.Shape[1] == 0 || x.Shape.ElementCount % weights.Shape[1] != 0
            || source.Output.Shape.ElementCount != x.Shape.ElementCount / weights.Shape[1] * weights.Shape[0])
            throw TfLiteImporter.Invalid($"FULLY_CONNECTED '{source.Name}': input {x.Shape}, weights {weights.Shape} and output {source.Output.Shape} do not fit");
        TfLiteOperators.Add(graph, source, new FullyConnected(source.Activation(0)), x, weights, Bias(source));
    }

    public static void BatchMatMul(TfLiteNode source, ModelGraph graph) =>
        TfLiteOperators.Add(graph, source, new BatchMatMul(source.ByteOption(0) != 0, source.ByteOption(1) != 0), source.Input(0), source.Input(1));

    /// <summary>An optional input, one value for each output channel.</summary>
    public static Tensor? Bias(TfLiteNode source, int index = 2)
    {
        if (source.Inputs.Length <= index || source.Inputs[index] is null)
            return null;
        Tensor bias = source.ConstantInput(index);
        if (source.Output.Shape.Rank == 0 || bias.Shape.ElementCount != source.Output.Shape[-1])
            throw TfLiteImporter.Invalid($"'{source.Name}' has a bias of {bias.Shape.ElementCount} values for the output {source.Output.Shape}");
        return bias;
    }
}
