using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx;

/// <summary>Builds the graph: unique names, and constants folded as far as they are shape arithmetic or only moved.</summary>
internal sealed class GraphBuilder(ModelGraph graph)
{
    private readonly HashSet<string> _names = [];
    private long _foldedElements;

    private readonly HashSet<Tensor> _unsigned = [];
    private RealViews? _views;

    /// <summary>Quantised tensors as reals.</summary>
    public RealViews Views => _views ??= new RealViews(this);

    /// <summary>The graph so far.</summary>
    public ModelGraph Graph => graph;

    /// <summary>Keeps a name of the file from being given to another tensor.</summary>
    public void Reserve(string name) => _names.Add(name);

    /// <summary>A name that no tensor has yet.</summary>
    public string Unique(string name)
    {
        string result = name;
        for (int i = 1; !_names.Add(result); i++)
            result = $"{name}_{i}";
        return result;
    }

    /// <summary>A new constant.</summary>
    public Tensor Constant(string name, ElementType type, Shape shape, Array data) => new(Unique(name), type, shape, null, data);

    /// <summary>Remembers that an int8 activation is unsigned in the file.</summary>
    public void MarkUnsigned(Tensor tensor) => _unsigned.Add(tensor);

    /// <summary>Whether an int8 activation is unsigned in the file.</summary>
    public bool IsUnsigned(Tensor tensor) => _unsigned.Contains(tensor);

    /// <summary>Adds a Quantize or Dequantize node.</summary>
    public Tensor AddConversion(string name, Operator op, Tensor input, ElementType type, Quantization? quantization)
    {
        var output = new Tensor(Unique(name), type, input.Shape, quantization);
        graph.Nodes.Add(new Node(name, op, [input], output));
        return output;
    }

    /// <summary>Adds a node of one input with outputs of given types.</summary>
    public IReadOnlyList<Tensor> AddAll(string name, Operator op, Tensor input, (ElementType Type, Shape Shape)[] outputs)
    {
        Tensor[] results = Array.ConvertAll(outputs, output => new Tensor(Unique(name), output.Type, output.Shape));
        graph.Nodes.Add(new Node(name, op, [input], results));
        return results;
    }

    /// <summary>Adds a node, or returns the constant that it would compute.</summary>
    public Tensor Add(string name, Operator op, Shape shape, IReadOnlyList<Tensor?> inputs)
    {
        ElementType type = inputs[0]!.Quantization is null ? inputs[0]!.Type : ElementType.Float32;
        var output = new Tensor(Unique(name), type, shape);
        if (inputs.All(input => input is { IsConstant: true }))
        {
            _foldedElements += shape.ElementCount;
            if (_foldedElements > OnnxErrors.MaxFoldedElements)
                throw OnnxErrors.Invalid($"The model's constant expressions have more than {OnnxErrors.MaxFoldedElements} elements.");
            output.Data = op switch
            {
                Binary binary when type != ElementType.Float32 => IntegerArithmetic.Evaluate(binary.Kind, shape, inputs[0]!, inputs[1]!),
                Unary unary when type != ElementType.Float32 => IntegerArithmetic.Evaluate(unary.Kind, inputs[0]!),
                _ => ConstantFolder.TryEvaluate(op, output, inputs),
            };
            if (output.IsConstant)
                return output;
        }
        if (type != ElementType.Float32)
            throw OnnxErrors.Unsupported($"it computes {type.JsonName()} values while the model runs");
        if (shape.Contains(0))
            throw OnnxErrors.Unsupported($"its output has no elements ({shape})");
        graph.Nodes.Add(new Node(name, op, inputs, output));
        return output;
    }
}
