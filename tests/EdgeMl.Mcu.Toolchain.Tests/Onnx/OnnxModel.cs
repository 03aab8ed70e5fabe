using EdgeMl.Mcu.Toolchain.Import.Onnx.Proto;
using Google.Protobuf;
using AttributeType = EdgeMl.Mcu.Toolchain.Import.Onnx.Proto.AttributeProto.Types.AttributeType;
using DataType = EdgeMl.Mcu.Toolchain.Import.Onnx.Proto.TensorProto.Types.DataType;

namespace EdgeMl.Mcu.Toolchain.Tests.Onnx;

/// <summary>Builds small ONNX models.</summary>
internal sealed class OnnxModel
{
    private int _names;

    public OnnxModel(int opset = 13)
    {
        Proto.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
    }

    public ModelProto Proto { get; } = new() { IrVersion = 7, Graph = new GraphProto { Name = "test" } };

    /// <summary>An input; a dimension of 0 has no size, one of -1 the symbol 'n'.</summary>
    public string Input(string name, params int[] dimensions)
    {
        Proto.Graph.Input.Add(Value(name, DataType.Float, dimensions));
        return name;
    }

    public OnnxModel Output(params string[] names)
    {
        foreach (string name in names)
            Proto.Graph.Output.Add(new ValueInfoProto { Name = name });
        return this;
    }

    public string Constant(int[] dimensions, params float[] values)
    {
        var tensor = new TensorProto { Name = $"c{_names++}", DataType = DataType.Float };
        tensor.Dims.Add(dimensions.Select(d => (long)d));
        tensor.FloatData.Add(values);
        Proto.Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    public string Integers(params long[] values)
    {
        var tensor = new TensorProto { Name = $"c{_names++}", DataType = DataType.Int64 };
        tensor.Dims.Add(values.Length);
        tensor.Int64Data.Add(values);
        Proto.Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>A scalar of the type uint8.</summary>
    public string Bytes(byte value)
    {
        var tensor = new TensorProto { Name = $"c{_names++}", DataType = DataType.Uint8 };
        tensor.Int32Data.Add(value);
        Proto.Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>Adds a node with one output, whose name is returned. Attribute values: int, float, string, arrays of these, or a tensor.</summary>
    public string Node(string opType, string[] inputs, params (string Name, object Value)[] attributes)
    {
        string output = $"{opType.ToLowerInvariant()}_{_names++}";
        Add(opType, inputs, [output], attributes);
        return output;
    }

    public NodeProto Add(string opType, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = opType, Name = $"{opType}/{_names++}" };
        node.Input.Add(inputs);
        node.Output.Add(outputs);
        node.Attribute.Add(attributes.Select(Attribute));
        Proto.Graph.Node.Add(node);
        return node;
    }

    public byte[] ToBytes() => Proto.ToByteArray();

    private static AttributeProto Attribute((string Name, object Value) attribute)
    {
        var proto = new AttributeProto { Name = attribute.Name };
        switch (attribute.Value)
        {
            case int integer:
                (proto.Type, proto.I) = (AttributeType.Int, integer);
                break;
            case float real:
                (proto.Type, proto.F) = (AttributeType.Float, real);
                break;
            case string text:
                (proto.Type, proto.S) = (AttributeType.String, ByteString.CopyFromUtf8(text));
                break;
            case int[] integers:
                proto.Type = AttributeType.Ints;
                proto.Ints.Add(integers.Select(i => (long)i));
                break;
            case float[] reals:
                proto.Type = AttributeType.Floats;
                proto.Floats.Add(reals);
                break;
            case string[] texts:
                proto.Type = AttributeType.Strings;
                proto.Strings.Add(texts.Select(ByteString.CopyFromUtf8));
                break;
            case TensorProto tensor:
                (proto.Type, proto.T) = (AttributeType.Tensor, tensor);
                break;
            default:
                throw new ArgumentException($"An attribute cannot be {attribute.Value}.", nameof(attribute));
        }
        return proto;
    }

    private static ValueInfoProto Value(string name, DataType type, int[] dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (int dimension in dimensions)
        {
            shape.Dim.Add(dimension switch
            {
                0 => new TensorShapeProto.Types.Dimension(),
                < 0 => new TensorShapeProto.Types.Dimension { DimParam = "n" },
                _ => new TensorShapeProto.Types.Dimension { DimValue = dimension },
            });
        }
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = type, Shape = shape } } };
    }
}
