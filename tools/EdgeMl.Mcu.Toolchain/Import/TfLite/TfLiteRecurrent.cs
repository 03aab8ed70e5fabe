using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>Operators that remember. Their state is a variable tensor in the file and an attribute of the operator here.</summary>
internal static class TfLiteRecurrent
{
    private const int Tanh = 4;

    private const int HiddenState = 18;

    private const int CellState = 19;

    public static void Svdf(TfLiteNode source, ModelGraph graph)
    {
        Tensor features = source.ConstantInput(1);
        Tensor time = source.ConstantInput(2);
        Tensor? bias = source.Inputs.Length > 3 && source.Inputs[3] is not null ? source.ConstantInput(3) : null;
        Tensor state = State(source, 4, time.Type);
        int rank = source.PositiveOption(0);
        if (source.Input(0).Shape.Rank != 2 || time.Shape.Rank != 2 || features.Shape.Rank != 2 || time.Shape[0] != features.Shape[0] || (bias is not null && (long)bias.Shape.ElementCount * rank != features.Shape[0])
            || state.Shape.ElementCount != (long)source.Input(0).Shape[0] * time.Shape.ElementCount)
            throw TfLiteImporter.Invalid($"SVDF '{source.Name}' with features {features.Shape}, time weights {time.Shape} and state {state.Shape} does not fit {source.Input(0).Shape}");
        TfLiteOperators.Add(graph, source, new Svdf(rank, state.Quantization!, source.Activation(1)), source.Input(0), features, time, bias);
    }

    public static void Lstm(TfLiteNode source, ModelGraph graph)
    {
        RequirePlain(source);
        Shape x = source.Input(0).Shape;
        var inputs = new Tensor?[13];
        inputs[0] = source.Input(0);
        for (int i = 1; i <= 8; i++)
            inputs[i] = source.ConstantInput(i);
        for (int gate = 0; gate < 4; gate++)
            inputs[9 + gate] = source.ConstantInput(12 + gate);
        bool timeMajor = source.ByteOption(3) != 0;
        int units = source.Output.Shape.Rank == 3 ? source.Output.Shape[2] : 0;
        bool fits = x.Rank == 3 && units > 0;
        for (int gate = 0; gate < 4 && fits; gate++)
            fits = inputs[1 + gate]!.Shape.Equals(new Shape(units, x[2])) && inputs[5 + gate]!.Shape.Equals(new Shape(units, units)) && inputs[9 + gate]!.Shape.ElementCount == units;
        Tensor hidden = State(source, HiddenState, source.Input(0).Type);
        Tensor cell = State(source, CellState, ElementType.Int16);
        if (!fits || hidden.Shape.ElementCount != (long)x[timeMajor ? 1 : 0] * units || cell.Shape.ElementCount != hidden.Shape.ElementCount)
            throw TfLiteImporter.Invalid($"'{source.Name}' has weights or states that do not fit input {x} and output {source.Output.Shape}");
        TfLiteOperators.Add(graph, source, new Lstm(timeMajor, source.FloatOption(1), hidden.Quantization!, cell.Quantization!), inputs);
    }

    /// <summary>Peepholes, projection and layer normalisation are not supported.</summary>
    private static void RequirePlain(TfLiteNode source)
    {
        if (source.ByteOption(0) != Tanh)
            throw new UnsupportedNodeException($"activation {source.ByteOption(0)}");
        for (int i = 9; i < source.Inputs.Length; i++)
        {
            bool variant = i is >= 9 and <= 11 or 16 or 17 or >= 20;
            if (variant && source.Inputs[i] is not null)
                throw new UnsupportedNodeException(i < 12 ? "peepholes" : i < 18 ? "projection" : "layer normalisation");
        }
    }

    private static Tensor State(TfLiteNode source, int index, ElementType type)
    {
        Tensor state = source.Input(index);
        if (state.IsConstant || state.Type != type || state.Quantization is null or { IsPerChannel: true })
            throw new UnsupportedNodeException($"state of type {state.Type.JsonName()} beside {type.JsonName()}");
        return state;
    }
}
