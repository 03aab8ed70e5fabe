using EdgeMl.Mcu.Toolchain.Import.Onnx.Proto;
using Google.Protobuf;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx;

/// <summary>Parses the protobuf message of an .onnx file, after its framing and its number of fields are checked.</summary>
internal static class OnnxReader
{
    private enum Message { Model, Graph, Node, Attribute, Tensor, Sparse, ValueInfo, Type, TensorType, Shape, Leaf }

    /// <summary>Parses a file.</summary>
    /// <param name="bytes">Content of the file.</param>
    /// <param name="keepsUnknown">Whether to keep fields that the importer does not read, so that the message can be written again.</param>
    /// <exception cref="ToolchainException">onnx.invalid: empty, cut, corrupt, too large, or without a graph.</exception>
    public static ModelProto Read(byte[] bytes, bool keepsUnknown = false)
    {
        if (bytes.Length == 0)
            throw OnnxErrors.Invalid("The file is empty.");
        if (bytes.Length > OnnxErrors.MaxFileBytes)
            throw OnnxErrors.Invalid($"The file has {bytes.Length} bytes; at most {OnnxErrors.MaxFileBytes} are read.");
        try
        {
            int fields = 0;
            CountFields(bytes, 0, bytes.Length, Message.Model, ref fields);
            ModelProto model = ModelProto.Parser.WithDiscardUnknownFields(!keepsUnknown).ParseFrom(bytes);
            if (model.Graph is null || model.Graph.Output.Count == 0)
                throw OnnxErrors.Invalid("The file has no ONNX graph with outputs.", "Is it really an .onnx file, and complete?");
            if (model.Graph.Node.Count > OnnxErrors.MaxNodes)
                throw OnnxErrors.Invalid($"The graph has {model.Graph.Node.Count} nodes; at most {OnnxErrors.MaxNodes} are read.");
            return model;
        }
        catch (InvalidProtocolBufferException e)
        {
            throw OnnxErrors.Invalid($"The file is no complete ONNX model: {e.Message}", "Is it really an .onnx file, and complete?", e);
        }
    }

    // A stream's position counts from the start of the array, wherever the stream begins.
    private static void CountFields(byte[] bytes, int offset, int length, Message message, ref int fields)
    {
        using var input = new CodedInputStream(bytes, offset, length);
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (++fields > OnnxErrors.MaxFields)
                throw OnnxErrors.Invalid($"The file has more than {OnnxErrors.MaxFields} fields.");
            int start = (int)input.Position;
            input.SkipLastField();
            Message inner = Inner(message, WireFormat.GetTagFieldNumber(tag));
            if (inner == Message.Leaf || WireFormat.GetTagWireType(tag) != WireFormat.WireType.LengthDelimited)
                continue;
            using var prefix = new CodedInputStream(bytes, start, (int)input.Position - start);
            int innerLength = prefix.ReadLength();
            CountFields(bytes, (int)prefix.Position, innerLength, inner, ref fields);
        }
    }

    // Field numbers of onnx.proto. No message contains itself, so the recursion is bounded.
    private static Message Inner(Message message, int field) => (message, field) switch
    {
        (Message.Model, 7) => Message.Graph,
        (Message.Graph, 1) => Message.Node,
        (Message.Graph, 5) => Message.Tensor,
        (Message.Graph, 11 or 12 or 13) => Message.ValueInfo,
        (Message.Graph, 15) => Message.Sparse,
        (Message.Node, 5) => Message.Attribute,
        (Message.Attribute, 5) => Message.Tensor,
        (Message.Sparse, 1) => Message.Tensor,
        (Message.ValueInfo, 2) => Message.Type,
        (Message.Type, 1) => Message.TensorType,
        (Message.TensorType, 2) => Message.Shape,
        _ => Message.Leaf,
    };
}
