using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;
using EdgeMl.Mcu.Toolchain.Import.Onnx.Proto;
using EdgeMl.Mcu.Toolchain.Passes;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx;

/// <summary>Imports float ONNX models (operator sets 7 and later) into an NHWC graph with all shapes known.</summary>
/// <remarks>
/// A batch axis without a size becomes 1. Reals of other widths are computed in float32. Ports keep the layout of the file:
/// an NCHW or NCW input's <see cref="GraphPort.SourceShape"/> and <see cref="GraphPort.Permutation"/> say how its data gets into the graph's.
/// </remarks>
public sealed class OnnxImporter
{
    private const int MinOpset = 7;
    private const int MaxOpset = 25;

    private readonly GraphBuilder _builder;
    private readonly GraphProto _source;
    private readonly int _opset;

    // A null value comes from a node or constant that could not be imported.
    private readonly Dictionary<string, Tensor?> _values = [];
    private readonly HashSet<Tensor> _named = [];
    private readonly Dictionary<string, string> _absentOutputs = [];
    private readonly List<string> _unsupported = [];

    private OnnxImporter(ModelProto model, string name)
    {
        _source = model.Graph;
        _opset = Opset(model);
        _builder = new GraphBuilder(new ModelGraph { Name = name });
    }

    /// <summary>Imports a file and brings it into NHWC (<see cref="PassPipeline.Layout"/>).</summary>
    /// <param name="bytes">Content of the .onnx file.</param>
    /// <param name="name">Name of the model for reports.</param>
    /// <exception cref="ToolchainException">
    /// onnx.invalid: the file is cut, corrupt or inconsistent; import.unsupported-operator: nodes that cannot be represented, all of them named;
    /// import.dynamic-shape: an input whose size is not known.
    /// </exception>
    public static ModelGraph Import(byte[] bytes, string name) => Import(OnnxReader.Read(bytes), name);

    /// <summary>Imports a message and brings it into NHWC.</summary>
    internal static ModelGraph Import(ModelProto model, string name)
    {
        ModelGraph graph = new OnnxImporter(model, name).Run();
        PassPipeline.Run(graph, PassPipeline.Layout);
        return graph;
    }

    /// <summary>Imports a file without any pass: ports in the file's layout, transposes around every convolution and pool.</summary>
    internal static ModelGraph ImportUnchanged(byte[] bytes, string name) => new OnnxImporter(OnnxReader.Read(bytes), name).Run();

    private ModelGraph Run()
    {
        ReserveNames();
        AddInitializers();
        AddInputs();
        foreach (NodeProto node in _source.Node)
            AddNode(node);
        foreach (ValueInfoProto output in _source.Output)
            ReportAbsent(output.Name);
        if (_unsupported.Count > 0)
        {
            throw new ToolchainException(ErrorCodes.UnsupportedOperator,
                $"{_unsupported.Count} part(s) of the model cannot be imported: {string.Join("; ", _unsupported)}.",
                $"Supported ONNX operators: {string.Join(", ", OperatorTable.Names)}; of ai.onnx.ml: {string.Join(", ", OperatorTable.MlNames)}.");
        }
        AddOutputs();
        GraphLimits.Check(_builder.Graph, ErrorCodes.OnnxInvalid);
        return _builder.Graph;
    }

    private static int Opset(ModelProto model)
    {
        if (model.OpsetImport.Count == 0)
            throw OnnxErrors.Invalid("The file names no version of the operator set.", "Is the file complete?");
        // A model with only other operator sets is refused because of its nodes.
        long version = model.OpsetImport.FirstOrDefault(opset => opset.Domain is "" or "ai.onnx")?.Version ?? MaxOpset;
        if (version is < MinOpset or > MaxOpset)
        {
            throw new ToolchainException(ErrorCodes.UnsupportedOperator,
                $"The model uses ONNX operator set {version}; {MinOpset} to {MaxOpset} are supported.", "Export the model with opset 13.");
        }
        return (int)version;
    }

    private void ReserveNames()
    {
        foreach (string name in _source.Initializer.Select(tensor => tensor.Name)
            .Concat(_source.Input.Select(input => input.Name))
            .Concat(_source.Node.SelectMany(node => node.Output)))
        {
            _builder.Reserve(name);
        }
    }

    private void AddInitializers()
    {
        foreach (TensorProto proto in _source.Initializer)
        {
            try
            {
                Define(proto.Name, OnnxTensors.Read(proto, proto.Name));
            }
            catch (UnsupportedNodeException e)
            {
                _unsupported.Add($"initializer '{proto.Name}' ({e.Message})");
                Define(proto.Name, null);
            }
        }
        foreach (SparseTensorProto sparse in _source.SparseInitializer)
        {
            string name = sparse.Values?.Name ?? "";
            _unsupported.Add($"initializer '{name}' (a sparse tensor)");
            Define(name, null);
        }
    }

    private void AddInputs()
    {
        foreach (ValueInfoProto input in _source.Input)
        {
            // Files of IR versions before 4 list initializers among the inputs.
            if (_values.ContainsKey(input.Name))
                continue;
            if (input.Type is null)
                throw OnnxErrors.Invalid($"The input '{input.Name}' has no type.");
            TypeProto.Types.Tensor? type = input.Type.TensorType;
            ElementType? elementType = type is null ? null : OnnxTensors.TypeOf(type.ElemType);
            if (type is null || elementType is not (ElementType.Float32 or ElementType.Int8 or ElementType.UInt8))
            {
                string found = type is null ? "no tensor" : $"the element type {OnnxTensors.TypeName(type.ElemType)}";
                _unsupported.Add($"input '{input.Name}' ({found})");
                Define(input.Name, null);
                continue;
            }
            bool isFloat = elementType == ElementType.Float32;
            var tensor = new Tensor(input.Name, isFloat ? ElementType.Float32 : ElementType.Int8, InputShape(input.Name, type.Shape));
            if (elementType == ElementType.UInt8)
                _builder.MarkUnsigned(tensor);
            Define(input.Name, tensor);
            _builder.Graph.Inputs.Add(new GraphPort(tensor));
        }
    }

    private static Shape InputShape(string name, TensorShapeProto? shape)
    {
        const string Hint = "Export the model with fixed sizes; only the batch axis may be free, it is taken as 1.";
        if (shape is null)
            throw new ToolchainException(ErrorCodes.DynamicShape, $"The input '{name}' has no shape.", Hint);
        var dimensions = new long[shape.Dim.Count];
        for (int axis = 0; axis < dimensions.Length; axis++)
        {
            TensorShapeProto.Types.Dimension dimension = shape.Dim[axis];
            dimensions[axis] = dimension.DimValue;
            if (dimensions[axis] > 0)
                continue;
            if (axis > 0)
            {
                string symbol = dimension.DimParam.Length > 0 ? $" ('{dimension.DimParam}')" : "";
                throw new ToolchainException(ErrorCodes.DynamicShape, $"The input '{name}' has no fixed size on axis {axis}{symbol}.", Hint);
            }
            dimensions[axis] = 1;
        }
        return OnnxErrors.CheckedShape(dimensions, $"The input '{name}'");
    }

    private void AddNode(NodeProto proto)
    {
        string name = OnnxNode.DisplayName(proto);
        string type = OperatorTable.QualifiedName(proto.Domain, proto.OpType);
        if (proto.Output.Count == 0)
            throw OnnxErrors.Invalid($"{type} '{name}' has no outputs.");
        OperatorHandler? handler = OperatorTable.Find(proto.Domain, proto.OpType);
        IReadOnlyList<Tensor> results = [];
        try
        {
            if (handler is null)
                _unsupported.Add($"{type} '{name}'");
            else if (TryResolve(proto, out Tensor?[] inputs))
                results = Import(proto, inputs, handler);
        }
        catch (UnsupportedNodeException e)
        {
            _unsupported.Add($"{type} '{name}' ({e.Message})");
            results = [];
        }
        for (int i = 0; i < proto.Output.Count; i++)
        {
            if (proto.Output[i].Length == 0)
                continue;
            if (results.Count > 0 && i >= results.Count)
                _absentOutputs.TryAdd(proto.Output[i], $"{type} '{name}' (its output {i}, '{proto.Output[i]}')");
            Define(proto.Output[i], i < results.Count ? Named(results[i], proto.Output[i]) : null);
        }
    }

    private IReadOnlyList<Tensor> Import(NodeProto proto, Tensor?[] inputs, OperatorHandler handler)
    {
        Quantization? moved = null;
        bool isUnsigned = inputs.Any(input => input is not null && _builder.IsUnsigned(input));
        if (!OperatorTable.TakesIntegers(proto.OpType))
        {
            moved = OperatorTable.MovesElements(proto.OpType) ? RealViews.Common(inputs) : null;
            bool keepsConstants = OperatorTable.TakesQuantizedConstants(proto.OpType);
            inputs = Array.ConvertAll(inputs, input => input is null || input.IsConstant && keepsConstants ? input : _builder.Views.Of(input));
        }
        var node = new OnnxNode(proto, inputs, _opset, _builder);
        IReadOnlyList<Tensor> results = handler(node);
        if (moved is not null)
            results = [.. results.Select(result => Quantized.Requantize(node, result, moved, isUnsigned))];
        string unknown = string.Join(", ", node.Attributes.Unknown.Select(attribute => $"'{attribute}'"));
        if (unknown.Length > 0)
            throw OnnxErrors.Unsupported($"unknown attribute {unknown}");
        return results;
    }

    /// <summary>Finds the inputs of a node; false where one of them comes from something that could not be imported.</summary>
    private bool TryResolve(NodeProto proto, out Tensor?[] inputs)
    {
        inputs = new Tensor?[proto.Input.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            string name = proto.Input[i];
            if (name.Length == 0)
                continue;
            if (!_values.TryGetValue(name, out inputs[i]))
                throw OnnxErrors.Invalid($"{proto.OpType} '{OnnxNode.DisplayName(proto)}' reads '{name}', which nothing before it computes.");
            if (inputs[i] is null)
            {
                ReportAbsent(name);
                return false;
            }
        }
        return true;
    }

    // The tensor that a node computed gets the file's name; one that it only passes on (Identity, Dropout) keeps its own.
    private Tensor Named(Tensor tensor, string name)
    {
        if (_named.Add(tensor))
            tensor.Name = name;
        return tensor;
    }

    // An optional output that is not computed (a dropout mask) matters only where something reads it.
    private void ReportAbsent(string value)
    {
        if (_absentOutputs.Remove(value, out string? message))
            _unsupported.Add(message);
    }

    private void Define(string name, Tensor? value)
    {
        if (!_values.TryAdd(name, value))
            throw OnnxErrors.Invalid($"The value '{name}' is defined twice.");
        if (value is not null)
            _named.Add(value);
    }

    private void AddOutputs()
    {
        ModelGraph graph = _builder.Graph;
        if (graph.Inputs.Find(port => port.Tensor is { Type: ElementType.Int8, Quantization: null }) is { } input)
        {
            throw new ToolchainException(ErrorCodes.UnsupportedOperator,
                $"The input '{input.Name}' is an integer one without a scale: nothing dequantises it.", "Export the model with a float input.");
        }
        foreach (ValueInfoProto output in _source.Output)
        {
            if (!_values.TryGetValue(output.Name, out Tensor? tensor) || tensor is null)
                throw OnnxErrors.Invalid($"The output '{output.Name}' is computed by no node.");
            if (tensor.Name != output.Name || tensor.IsConstant)
            {
                // An output is a tensor of its own, with the file's name.
                if (tensor.Name == output.Name)
                    tensor.Name = _builder.Unique($"{output.Name}/value");
                var copy = new Tensor(output.Name, tensor.Type, tensor.Shape);
                graph.Nodes.Add(new Node(output.Name, new Reshape(), [tensor], copy));
                tensor = copy;
            }
            graph.Outputs.Add(new GraphPort(tensor));
        }
    }
}
