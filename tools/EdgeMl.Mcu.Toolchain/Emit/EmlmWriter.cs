using System.Buffers.Binary;
using System.Text;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan;
using H = EdgeMl.Mcu.Runtime.Format.ModelFormat.Header;
using L = EdgeMl.Mcu.Runtime.Format.ModelFormat.LayerRecord;
using R = EdgeMl.Mcu.Runtime.Format.ModelFormat.TensorRecord;

namespace EdgeMl.Mcu.Toolchain.Emit;

/// <summary>Writes a planned program as an <c>.emlm</c> file; the layout is described by <see cref="ModelFormat"/>.</summary>
internal sealed class EmlmWriter
{
    private const int WeightAlignment = 4;

    private readonly List<byte> _file = [];
    private readonly List<byte> _weights = [];
    private readonly Dictionary<string, int> _weightsByContent = [];

    /// <summary>The file's bytes.</summary>
    /// <param name="program">Program whose buffers have offsets.</param>
    /// <param name="plan">The arena.</param>
    /// <param name="selfTest">Seed and expected outputs, or null for none.</param>
    public static byte[] Write(DeviceProgram program, ArenaPlan plan, (uint Seed, sbyte[] Outputs)? selfTest = null) =>
        new EmlmWriter().WriteAll(program, plan, selfTest);

    private byte[] WriteAll(DeviceProgram program, ArenaPlan plan, (uint Seed, sbyte[] Outputs)? selfTest)
    {
        DevicePort[] ports = [.. program.Inputs, .. program.Outputs];
        _file.AddRange(new byte[H.Size + (ports.Length * R.Size)]);
        int layersOffset = _file.Count;
        foreach (DeviceLayer layer in program.Layers)
            WriteLayer(layer);
        int nameOffset = WriteStrings([program.Name]);
        int layerNamesOffset = WriteLayerNames(program.Layers);
        int[] names = Array.ConvertAll(ports, port => WriteStrings([port.Port.Name]));
        int[] labels = Array.ConvertAll(ports, port => WriteStrings(port.Labels));
        int selfTestOffset = WriteSelfTest(selfTest);
        Align(_file, WeightAlignment);
        int weightsOffset = _file.Count;
        _file.AddRange(_weights);
        int length = _file.Count + 4;
        byte[] bytes = [.. _file, 0, 0, 0, 0];

        Int(bytes, H.MagicOffset, ModelFormat.Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(H.VersionOffset), ModelFormat.Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(H.AbiOffset), ModelFormat.RuntimeAbi);
        Int(bytes, H.LengthOffset, length);
        Int(bytes, H.ArenaOffset, plan.Bytes);
        Int(bytes, H.LanesOffset, 8 * program.Layers.Select(layer => layer.Lanes).DefaultIfEmpty().Max());
        Int(bytes, H.StripOffset, program.Layers.Select(layer => layer.StripBytes).DefaultIfEmpty().Max());
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(H.LayerCountOffset), checked((ushort)program.Layers.Count));
        bytes[H.InputCountOffset] = checked((byte)program.Inputs.Count);
        bytes[H.OutputCountOffset] = checked((byte)program.Outputs.Count);
        Int(bytes, H.LayersOffset, layersOffset);
        Int(bytes, H.WeightsOffset, weightsOffset);
        Int(bytes, H.WeightsLengthOffset, _weights.Count);
        Int(bytes, H.NameOffset, nameOffset);
        Int(bytes, H.LayerNamesOffset, layerNamesOffset);
        Int(bytes, H.SelfTestOffset, selfTestOffset);
        for (int i = 0; i < ports.Length; i++)
            WritePort(bytes.AsSpan(H.Size + (i * R.Size), R.Size), ports[i], names[i], labels[i]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(length - 4), Crc32.Compute(bytes, 0, length - 4));
        return bytes;
    }

    private void WriteLayer(DeviceLayer layer)
    {
        int[] parameters = (int[])layer.Parameters.Clone();
        foreach (ArenaReference reference in layer.Reads.Concat(layer.Writes))
            parameters[reference.Parameter] = reference.Buffer.Offset + reference.Displacement;
        byte[] record = new byte[L.Size + (4 * parameters.Length)];
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(L.OpCodeOffset), (ushort)layer.Kernel);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(L.ParameterCountOffset), (ushort)parameters.Length);
        Int(record, L.WeightsOffset, WriteWeights(layer.Weights));
        Int(record, L.WeightsLengthOffset, layer.Weights.Length);
        for (int i = 0; i < parameters.Length; i++)
            Int(record, L.Size + (4 * i), parameters[i]);
        _file.AddRange(record);
    }

    /// <summary>Offset of the weights in their section; equal contents (tables, shared layers) stand there once.</summary>
    private int WriteWeights(byte[] weights)
    {
        if (weights.Length == 0)
            return 0;
        string key = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(weights));
        if (_weightsByContent.TryGetValue(key, out int existing))
            return existing;
        Align(_weights, WeightAlignment);
        int offset = _weights.Count;
        _weights.AddRange(weights);
        _weightsByContent.Add(key, offset);
        return offset;
    }

    private int WriteLayerNames(IReadOnlyList<DeviceLayer> layers)
    {
        if (layers.Count == 0)
            return 0;
        int[] names = [.. layers.Select(layer => WriteStrings([layer.ShortName]))];
        Align(_file, 4);
        int table = _file.Count;
        byte[] bytes = new byte[4 * names.Length];
        for (int i = 0; i < names.Length; i++)
            Int(bytes, 4 * i, names[i]);
        _file.AddRange(bytes);
        return table;
    }

    private int WriteSelfTest((uint Seed, sbyte[] Outputs)? selfTest)
    {
        if (selfTest is not { } test)
            return 0;
        int offset = _file.Count;
        byte[] seed = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(seed, test.Seed);
        _file.AddRange(seed);
        _file.AddRange(Array.ConvertAll(test.Outputs, value => (byte)value));
        return offset;
    }

    /// <summary>Offset of the first string, 0 for none. Over-long strings are cut at a character's end.</summary>
    private int WriteStrings(IReadOnlyList<string> strings)
    {
        if (strings.Count == 0)
            return 0;
        int offset = _file.Count;
        byte[] head = new byte[2];
        foreach (string text in strings)
        {
            int length = text.Length;
            while (Encoding.UTF8.GetByteCount(text.AsSpan(0, length)) > ModelFormat.MaxStringBytes)
                length--;
            byte[] bytes = Encoding.UTF8.GetBytes(text[..length]);
            BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)bytes.Length);
            _file.AddRange(head);
            _file.AddRange(bytes);
        }
        return offset;
    }

    private static void WritePort(Span<byte> record, DevicePort port, int name, int labels)
    {
        Shape shape = port.Port.Tensor.Shape;
        Shape source = port.Port.SourceShape;
        if (shape.Rank > ModelFormat.MaxRank || source.Rank > ModelFormat.MaxRank)
            throw new ToolchainException(ErrorCodes.NotRunnable, $"'{port.Port.Name}' has {Math.Max(shape.Rank, source.Rank)} dimensions, more than {ModelFormat.MaxRank}.");
        Int(record, R.ArenaOffset, port.Buffer.Offset);
        Int(record, R.CountOffset, shape.ElementCount);
        BinaryPrimitives.WriteSingleLittleEndian(record[R.ScaleOffset..], port.Quantization.Scale);
        Int(record, R.ZeroPointOffset, port.Quantization.ZeroPoint);
        record[R.EdgeOffset] = (byte)port.Edge;
        record[R.TypeOffset] = (byte)port.Type;
        record[R.RankOffset] = (byte)shape.Rank;
        record[R.SourceRankOffset] = (byte)source.Rank;
        record[R.LabelCountOffset] = checked((byte)port.Labels.Count);
        for (int i = 0; i < shape.Rank; i++)
            Int(record, R.ShapeOffset + (4 * i), shape[i]);
        for (int i = 0; i < source.Rank; i++)
        {
            Int(record, R.SourceShapeOffset + (4 * i), source[i]);
            record[R.PermutationOffset + i] = (byte)port.Port.Permutation[i];
        }
        Int(record, R.NameOffset, name);
        Int(record, R.LabelsOffset, labels);
    }

    private static void Align(List<byte> bytes, int alignment)
    {
        while (bytes.Count % alignment != 0)
            bytes.Add(0);
    }

    private static void Int(Span<byte> bytes, int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes[offset..], value);
}
