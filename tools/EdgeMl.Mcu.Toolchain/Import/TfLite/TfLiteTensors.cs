using System.Runtime.InteropServices;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>Reads the tensors of a subgraph: shapes, types, quantisation and constants.</summary>
internal static class TfLiteTensors
{
    private const int MaxRank = 8;

    /// <summary>All tensors of the subgraph in their order.</summary>
    public static Tensor[] Read(FlatTable subgraph, FlatTable[] buffers, List<string> unsupported)
    {
        FlatTable[] tables = subgraph.Tables(0);
        var tensors = new Tensor[tables.Length];
        var names = new HashSet<string>();
        for (int i = 0; i < tables.Length; i++)
        {
            string name = tables[i].String(3);
            if (name.Length == 0 || !names.Add(name))
            {
                name = $"{name}#{i}";
                names.Add(name);
            }
            tensors[i] = ReadTensor(tables[i], name, buffers, unsupported);
        }
        return tensors;
    }

    private static Tensor ReadTensor(FlatTable table, string name, FlatTable[] buffers, List<string> unsupported)
    {
        Shape shape = ReadShape(table.Ints(0), name);
        int bufferIndex = table.Int(2);
        if (bufferIndex < 0 || bufferIndex >= buffers.Length)
            throw TfLiteImporter.Invalid($"tensor '{name}' names buffer {bufferIndex} of {buffers.Length}");
        ReadOnlyMemory<byte> bytes = buffers[bufferIndex].Bytes(0);
        if (buffers[bufferIndex].Long(1) > 1)
            throw TfLiteImporter.Invalid($"tensor '{name}' keeps its data outside the FlatBuffer (a model over 2 GB)");
        int tfLiteType = table.Byte(1);
        ElementType? type = tfLiteType switch
        {
            0 or 1 => ElementType.Float32,
            2 => ElementType.Int32,
            3 => ElementType.UInt8,
            4 => ElementType.Int64,
            6 => ElementType.Bool,
            7 => ElementType.Int16,
            9 => ElementType.Int8,
            _ => null,
        };
        if (type is null)
        {
            unsupported.Add($"tensor '{name}' has the element type {tfLiteType}");
            return new Tensor(name, ElementType.Float32, shape);
        }
        Quantization? quantization = type is ElementType.Int8 or ElementType.UInt8 or ElementType.Int16 or ElementType.Int32 ? ReadQuantization(table, name, shape) : null;
        Array? data = bytes.Length == 0 ? null : ReadData(bytes.Span, tfLiteType, type.Value, shape, name);
        return new Tensor(name, type.Value, shape, quantization, data);
    }

    private static Shape ReadShape(int[] dimensions, string name)
    {
        if (dimensions.Length > MaxRank)
            throw TfLiteImporter.Invalid($"tensor '{name}' has {dimensions.Length} dimensions, more than {MaxRank}");
        long count = 1;
        foreach (int dimension in dimensions)
        {
            if (dimension < 0)
                throw new ToolchainException(ErrorCodes.DynamicShape, $"Tensor '{name}' has the shape [{string.Join(", ", dimensions)}], which is not known before the model runs.", "Export the model with a fixed input shape and batch size 1.");
            count *= dimension;
            if (count > Runtime.Format.ModelFormat.MaxBytes)
                throw TfLiteImporter.Invalid($"tensor '{name}' of shape [{string.Join(", ", dimensions)}] is larger than {Runtime.Format.ModelFormat.MaxBytes} elements");
        }
        return new Shape(dimensions);
    }

    private static Quantization? ReadQuantization(FlatTable table, string name, Shape shape)
    {
        if (table.Table(4) is not { } parameters)
            return null;
        float[] scales = parameters.Floats(2);
        if (scales.Length == 0)
            return null;
        long[] zeroPoints = parameters.Longs(3);
        int axis = shape.Rank == 1 ? 0 : parameters.Int(6);
        if (scales.Length > 1 && (axis < 0 || axis >= shape.Rank || shape[axis] != scales.Length))
            throw TfLiteImporter.Invalid($"tensor '{name}' of shape {shape} has {scales.Length} scales along axis {axis}");
        if (Array.Exists(scales, scale => !float.IsFinite(scale) || scale < 0))
            throw TfLiteImporter.Invalid($"tensor '{name}' has a scale that is negative or not finite");
        var points = new int[scales.Length];
        for (int i = 0; i < points.Length; i++)
        {
            long point = zeroPoints.Length == 1 ? zeroPoints[0] : i < zeroPoints.Length ? zeroPoints[i] : 0;
            if (point is < short.MinValue or > ushort.MaxValue)
                throw TfLiteImporter.Invalid($"tensor '{name}' has the zero point {point}");
            points[i] = (int)point;
        }
        return new Quantization(scales, points, axis);
    }

    private static Array ReadData(ReadOnlySpan<byte> bytes, int tfLiteType, ElementType type, Shape shape, string name)
    {
        int elementSize = tfLiteType == 1 ? 2 : type.Size();
        if ((long)shape.ElementCount * elementSize != bytes.Length)
            throw TfLiteImporter.Invalid($"constant '{name}' of shape {shape} has {bytes.Length} bytes instead of {(long)shape.ElementCount * elementSize}");
        return type switch
        {
            ElementType.Float32 when tfLiteType == 1 => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), half => (float)half),
            ElementType.Float32 => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            ElementType.Int8 => MemoryMarshal.Cast<byte, sbyte>(bytes).ToArray(),
            ElementType.UInt8 => bytes.ToArray(),
            ElementType.Bool => Array.ConvertAll(bytes.ToArray(), value => value != 0),
            ElementType.Int16 => MemoryMarshal.Cast<byte, short>(bytes).ToArray(),
            ElementType.Int32 => MemoryMarshal.Cast<byte, int>(bytes).ToArray(),
            _ => MemoryMarshal.Cast<byte, long>(bytes).ToArray(),
        };
    }
}
