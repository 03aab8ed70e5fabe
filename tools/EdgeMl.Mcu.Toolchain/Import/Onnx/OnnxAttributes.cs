using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx.Proto;
using AttributeType = EdgeMl.Mcu.Toolchain.Import.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx;

/// <summary>Attributes of a node. It remembers which ones were asked for: one that nobody knows is an error, because ignoring it could change results.</summary>
internal sealed class OnnxAttributes
{
    private readonly Dictionary<string, AttributeProto> _attributes = [];
    private readonly HashSet<string> _known = [];
    private readonly string _node;

    public OnnxAttributes(NodeProto proto, string node)
    {
        _node = node;
        foreach (AttributeProto attribute in proto.Attribute)
        {
            if (!_attributes.TryAdd(attribute.Name, attribute))
                throw OnnxErrors.Invalid($"{node} has the attribute '{attribute.Name}' twice.");
        }
    }

    /// <summary>Whether the file gives an attribute.</summary>
    public bool Has(string name)
    {
        _known.Add(name);
        return _attributes.ContainsKey(name);
    }

    /// <summary>Names of the attributes that were never asked for.</summary>
    public IEnumerable<string> Unknown => _attributes.Keys.Where(name => !_known.Contains(name));

    /// <summary>Marks attributes that do not change what the operator computes.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            _known.Add(name);
    }

    /// <summary>An integer attribute.</summary>
    public long Integer(string name, long defaultValue) => Find(name, AttributeType.Int)?.I ?? defaultValue;

    /// <summary>An integer attribute that is a truth value.</summary>
    public bool Flag(string name, bool defaultValue = false) => Integer(name, defaultValue ? 1 : 0) != 0;

    /// <summary>A real attribute.</summary>
    public float Real(string name, float defaultValue) => Find(name, AttributeType.Float)?.F ?? defaultValue;

    /// <summary>A text attribute.</summary>
    public string Text(string name, string defaultValue) => Find(name, AttributeType.String)?.S.ToStringUtf8() ?? defaultValue;

    /// <summary>A list of integers, or null where the file has none.</summary>
    public long[]? Integers(string name) => Find(name, AttributeType.Ints) is { } attribute ? [.. attribute.Ints] : null;

    /// <summary>A list of reals, or null where the file has none.</summary>
    public float[]? Reals(string name) => Find(name, AttributeType.Floats) is { } attribute ? [.. attribute.Floats] : null;

    /// <summary>A list of texts, or null where the file has none.</summary>
    public string[]? Texts(string name) => Find(name, AttributeType.Strings) is { } attribute ? [.. attribute.Strings.Select(text => text.ToStringUtf8())] : null;

    /// <summary>A list of reals that may also be given in float64, as a tensor with the suffix <c>_as_tensor</c>; null where the file has neither.</summary>
    public double[]? Doubles(string name)
    {
        double[]? singles = Reals(name) is { } reals ? Array.ConvertAll(reals, real => (double)real) : null;
        return Find($"{name}_as_tensor", AttributeType.Tensor) is not { T: { } tensor } ? singles : OnnxTensors.ReadDoubles(tensor, name);
    }

    /// <summary>A constant, or null where the file has none.</summary>
    public Tensor? Tensor(string name) => Find(name, AttributeType.Tensor) is { } attribute
        ? OnnxTensors.Read(attribute.T ?? throw OnnxErrors.Invalid($"{_node}: the attribute '{name}' has no tensor."), name)
        : null;

    private AttributeProto? Find(string name, AttributeType type)
    {
        _known.Add(name);
        if (!_attributes.TryGetValue(name, out AttributeProto? attribute))
            return null;
        // Files of the first IR version do not write the type.
        if (attribute.Type != type && attribute.Type != AttributeType.Undefined)
            throw OnnxErrors.Invalid($"{_node}: the attribute '{name}' has the type {attribute.Type}; {type} was expected.");
        return attribute;
    }
}
