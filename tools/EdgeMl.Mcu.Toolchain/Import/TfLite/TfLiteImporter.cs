using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>Reads TensorFlow Lite models: float, int8 (per tensor and per channel), int8 with float inputs and outputs.</summary>
public static class TfLiteImporter
{
    private const string FileIdentifier = "TFL3";

    /// <summary>Whether the bytes begin like a .tflite file.</summary>
    public static bool Recognises(ReadOnlySpan<byte> bytes) => bytes.Length >= 8 && bytes[4..8].SequenceEqual("TFL3"u8);

    /// <summary>Imports a model.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="name">Name of the graph.</param>
    /// <exception cref="ToolchainException">
    /// <see cref="ErrorCodes.TfLiteInvalid"/>, <see cref="ErrorCodes.DynamicShape"/>, or <see cref="ErrorCodes.UnsupportedOperator"/> with all operators that are not supported.
    /// </exception>
    public static ModelGraph Import(byte[] bytes, string name)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (bytes.Length == 0)
            throw Invalid("the file is empty");
        if (!Recognises(bytes))
            throw Invalid($"the identifier '{FileIdentifier}' is missing at byte 4");
        FlatTable model = FlatTable.Root(bytes);
        FlatTable[] subgraphs = model.Tables(2);
        if (subgraphs.Length == 0)
            throw Invalid("it has no subgraph");
        var unsupported = new List<string>();
        if (subgraphs.Length > 1)
            unsupported.Add($"the model has {subgraphs.Length} subgraphs (control flow)");
        var graph = new ModelGraph { Name = name };
        Tensor[] tensors = TfLiteTensors.Read(subgraphs[0], model.Tables(4), unsupported);
        foreach (int index in subgraphs[0].Ints(1))
            graph.Inputs.Add(new GraphPort(At(tensors, index, "an input of the model")));
        ReadNodes(subgraphs[0], OperatorCodes(model), tensors, graph, unsupported);
        foreach (int index in subgraphs[0].Ints(2))
            graph.Outputs.Add(new GraphPort(At(tensors, index, "an output of the model")));
        if (graph.Inputs.Count == 0 || graph.Outputs.Count == 0)
            throw Invalid("it has no input or no output");
        RequireProducers(graph);
        GraphLimits.Check(graph, ErrorCodes.TfLiteInvalid);
        if (unsupported.Count > 0)
            throw Unsupported(name, unsupported);
        return graph;
    }

    /// <summary>An error for a file that contradicts itself or the format.</summary>
    internal static ToolchainException Invalid(string what) =>
        new(ErrorCodes.TfLiteInvalid, $"Not a valid .tflite file: {what}.", "Export the model again, or check that it was copied completely.");

    private static ToolchainException Unsupported(string name, List<string> unsupported) =>
        new(ErrorCodes.UnsupportedOperator,
            $"{name}: {unsupported.Count} operator{(unsupported.Count == 1 ? " is" : "s are")} not supported: {string.Join("; ", unsupported)}.",
            "Replace these layers in the model, or compute them on the device before or after it.");

    private static (int Builtin, string Custom)[] OperatorCodes(FlatTable model) =>
        Array.ConvertAll(model.Tables(1), code => (Math.Max(code.Byte(0), code.Int(3)), code.String(1)));

    private static void ReadNodes(FlatTable subgraph, (int Builtin, string Custom)[] codes, Tensor[] tensors, ModelGraph graph, List<string> unsupported)
    {
        FlatTable[] operators = subgraph.Tables(3);
        for (int i = 0; i < operators.Length; i++)
        {
            int codeIndex = operators[i].Int(0);
            if (codeIndex < 0 || codeIndex >= codes.Length)
                throw Invalid($"operator {i} names code {codeIndex} of {codes.Length}");
            Tensor?[] inputs = Array.ConvertAll(operators[i].Ints(1), index => index == -1 ? null : At(tensors, index, $"an input of operator {i}"));
            Tensor[] outputs = Array.ConvertAll(operators[i].Ints(2), index => At(tensors, index, $"an output of operator {i}"));
            if (outputs.Length == 0)
                throw Invalid($"operator {i} has no output");
            if (inputs.Concat(outputs).FirstOrDefault(tensor => tensor is { IsConstant: false } && tensor.Shape.Contains(0)) is { } empty)
                throw Invalid($"'{empty.Name}' of shape {empty.Shape} has no elements");
            string nodeName = outputs[0].Name;
            (int builtin, string custom) = codes[codeIndex];
            string operatorName = custom.Length > 0 ? custom : TfLiteOperators.NameOf(builtin);
            var source = new TfLiteNode(nodeName, operators[i].Table(4), inputs, outputs);
            if (!TfLiteOperators.TryConvert(builtin, source, graph, out string? reason))
                unsupported.Add($"{operatorName} '{nodeName}'{(reason is null ? "" : $" ({reason})")}");
        }
    }

    /// <summary>Every activation that is read must be an input or be computed before.</summary>
    private static void RequireProducers(ModelGraph graph)
    {
        var known = new HashSet<Tensor>(graph.Inputs.Select(input => input.Tensor));
        foreach (Node node in graph.Nodes)
        {
            foreach (Tensor input in node.Inputs.OfType<Tensor>())
            {
                if (!input.IsConstant && !known.Contains(input))
                    throw Invalid($"{node} reads '{input.Name}', which nothing computes before it");
            }
            foreach (Tensor output in node.Outputs)
            {
                if (output.IsConstant || !known.Add(output))
                    throw Invalid($"'{output.Name}' is computed twice");
            }
        }
    }

    private static Tensor At(Tensor[] tensors, int index, string what) =>
        index >= 0 && index < tensors.Length ? tensors[index] : throw Invalid($"{what} is tensor {index} of {tensors.Length}");
}
