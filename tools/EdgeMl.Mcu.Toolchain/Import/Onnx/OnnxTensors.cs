using System.Buffers.Binary;
using System.Runtime.InteropServices;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx.Proto;
using Google.Protobuf;
using Google.Protobuf.Collections;
using DataType = EdgeMl.Mcu.Toolchain.Import.Onnx.Proto.TensorProto.Types.DataType;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx;

/// <summary>Constants of an ONNX file. Reals of other widths (float16, bfloat16, double) become float32, unsigned integers the next wider signed type; uint64 keeps its bits.</summary>
internal static class OnnxTensors
{
    /// <summary>The graph's element type for an ONNX one, or null where there is none.</summary>
    public static ElementType? TypeOf(DataType type) => type switch
    {
        DataType.Float or DataType.Double or DataType.Float16 or DataType.Bfloat16 => ElementType.Float32,
        DataType.Int8 => ElementType.Int8,
        DataType.Uint8 => ElementType.UInt8,
        DataType.Int16 => ElementType.Int16,
        DataType.Uint16 or DataType.Int32 => ElementType.Int32,
        DataType.Uint32 or DataType.Uint64 or DataType.Int64 => ElementType.Int64,
        DataType.Bool => ElementType.Bool,
        _ => null,
    };

    /// <summary>Reads a constant.</summary>
    /// <exception cref="ToolchainException">onnx.invalid: data outside the file, or not as many elements as the shape has.</exception>
    /// <exception cref="UnsupportedNodeException">The element type has no counterpart.</exception>
    public static Tensor Read(TensorProto proto, string name)
    {
        string what = $"The tensor '{name}'";
        if (proto.DataLocation == TensorProto.Types.DataLocation.External || proto.ExternalData.Count > 0)
        {
            throw OnnxErrors.Invalid($"{what} is stored in another file.",
                "Save the model as one file (onnx.save_model with save_as_external_data=False).");
        }
        ElementType type = TypeOf(proto.DataType) ?? throw OnnxErrors.Unsupported($"the element type {TypeName(proto.DataType)}");
        Shape shape = OnnxErrors.CheckedShape(proto.Dims, what);
        Array data = proto.RawData.Length > 0 ? FromRaw(proto, shape.ElementCount, what) : FromTyped(proto);
        if (data.Length != shape.ElementCount)
            throw OnnxErrors.Invalid($"{what} has {data.Length} elements; its shape {shape} needs {shape.ElementCount}.");
        return new Tensor(name, type, shape, null, data);
    }

    /// <summary>Replaces the elements of a constant of the type float, double or float16.</summary>
    public static void Store(TensorProto proto, float[] values)
    {
        int size = proto.DataType switch { DataType.Double => sizeof(double), DataType.Float16 => 2, _ => sizeof(float) };
        byte[] raw = new byte[values.Length * size];
        for (int i = 0; i < values.Length; i++)
        {
            Span<byte> element = raw.AsSpan(i * size);
            if (size == sizeof(double))
                BinaryPrimitives.WriteDoubleLittleEndian(element, values[i]);
            else if (size == sizeof(float))
                BinaryPrimitives.WriteSingleLittleEndian(element, values[i]);
            else
                BinaryPrimitives.WriteHalfLittleEndian(element, (Half)values[i]);
        }
        proto.FloatData.Clear();
        proto.DoubleData.Clear();
        proto.Int32Data.Clear();
        proto.RawData = ByteString.CopyFrom(raw);
    }

    /// <summary>Elements of a constant of reals, float64 without loss.</summary>
    public static double[] ReadDoubles(TensorProto proto, string name)
    {
        if (proto.DataType != DataType.Double)
            return Array.ConvertAll(Read(proto, name).Reals(), value => (double)value);
        int count = Read(proto, name).Shape.ElementCount;
        return proto.RawData.IsEmpty ? [.. proto.DoubleData.Take(count)] : Convert(proto.RawData.Span, 8, BinaryPrimitives.ReadDoubleLittleEndian);
    }

    /// <summary>ONNX's name of an element type: <c>float16</c>, <c>string</c> …</summary>
    public static string TypeName(DataType type) => type.ToString().ToLowerInvariant();

    private static Array FromRaw(TensorProto proto, int count, string what)
    {
        int size = proto.DataType switch
        {
            DataType.Double or DataType.Uint64 or DataType.Int64 => 8,
            DataType.Float or DataType.Int32 or DataType.Uint32 => 4,
            DataType.Float16 or DataType.Bfloat16 or DataType.Int16 or DataType.Uint16 => 2,
            _ => 1,
        };
        ReadOnlySpan<byte> raw = proto.RawData.Span;
        if (raw.Length != (long)count * size)
            throw OnnxErrors.Invalid($"{what} has {raw.Length} bytes of data; its shape needs {(long)count * size}.");
        return proto.DataType switch
        {
            DataType.Float => Convert(raw, 4, BinaryPrimitives.ReadSingleLittleEndian),
            DataType.Double => Convert(raw, 8, b => (float)BinaryPrimitives.ReadDoubleLittleEndian(b)),
            DataType.Float16 => Convert(raw, 2, b => (float)BinaryPrimitives.ReadHalfLittleEndian(b)),
            DataType.Bfloat16 => Convert(raw, 2, b => FromBfloat16(BinaryPrimitives.ReadUInt16LittleEndian(b))),
            DataType.Int8 => MemoryMarshal.Cast<byte, sbyte>(raw).ToArray(),
            DataType.Uint8 => raw.ToArray(),
            DataType.Int16 => Convert(raw, 2, BinaryPrimitives.ReadInt16LittleEndian),
            DataType.Uint16 => Convert(raw, 2, b => (int)BinaryPrimitives.ReadUInt16LittleEndian(b)),
            DataType.Int32 => Convert(raw, 4, BinaryPrimitives.ReadInt32LittleEndian),
            DataType.Uint32 => Convert(raw, 4, b => (long)BinaryPrimitives.ReadUInt32LittleEndian(b)),
            DataType.Uint64 or DataType.Int64 => Convert(raw, 8, BinaryPrimitives.ReadInt64LittleEndian),
            _ => Convert(raw, 1, b => b[0] != 0),
        };
    }

    // The specification stores narrow types in int32_data and uint32 in uint64_data.
    private static Array FromTyped(TensorProto proto) => proto.DataType switch
    {
        DataType.Float => Map(proto.FloatData, v => v),
        DataType.Double => Map(proto.DoubleData, v => (float)v),
        DataType.Float16 => Map(proto.Int32Data, v => (float)BitConverter.UInt16BitsToHalf((ushort)v)),
        DataType.Bfloat16 => Map(proto.Int32Data, v => FromBfloat16((ushort)v)),
        DataType.Int8 => Map(proto.Int32Data, v => (sbyte)v),
        DataType.Uint8 => Map(proto.Int32Data, v => (byte)v),
        DataType.Int16 => Map(proto.Int32Data, v => (short)v),
        DataType.Uint16 => Map(proto.Int32Data, v => (int)(ushort)v),
        DataType.Int32 => Map(proto.Int32Data, v => v),
        DataType.Uint32 => Map(proto.Uint64Data, v => (long)(uint)v),
        DataType.Uint64 => Map(proto.Uint64Data, v => (long)v),
        DataType.Int64 => Map(proto.Int64Data, v => v),
        _ => Map(proto.Int32Data, v => v != 0),
    };

    private static float FromBfloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private static TOut[] Map<TIn, TOut>(RepeatedField<TIn> source, Func<TIn, TOut> map)
    {
        var result = new TOut[source.Count];
        for (int i = 0; i < result.Length; i++)
            result[i] = map(source[i]);
        return result;
    }

    private delegate T ReadElement<T>(ReadOnlySpan<byte> bytes);

    private static T[] Convert<T>(ReadOnlySpan<byte> raw, int size, ReadElement<T> read)
    {
        var result = new T[raw.Length / size];
        for (int i = 0; i < result.Length; i++)
            result[i] = read(raw.Slice(i * size, size));
        return result;
    }
}
