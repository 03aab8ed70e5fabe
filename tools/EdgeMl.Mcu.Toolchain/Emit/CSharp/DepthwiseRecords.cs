using System.Buffers.Binary;

namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>What generated depthwise code reads of each channel from the model file: weights, then factor, offset, rounding of negative products, and shift.</summary>
internal sealed class DepthwiseRecords
{
    private const int NumberBytes = 8;

    private DepthwiseRecords(int taps, bool isSplit) => (Factor, IsSplit) = ((taps + 3) & ~3, isSplit);

    /// <summary>Whether some channel rounds negative products apart.</summary>
    public bool IsSplit { get; }

    /// <summary>Offset of the factor in a record.</summary>
    public int Factor { get; }

    /// <summary>Offset of the offset.</summary>
    public int Offset => Factor + NumberBytes;

    /// <summary>Offset of the unit that negative products lose.</summary>
    public int Unit => Offset + NumberBytes;

    /// <summary>Offset of what is added afterwards.</summary>
    public int SplitOffset => Unit + NumberBytes;

    /// <summary>Offset of the shift.</summary>
    public int Shift => IsSplit ? SplitOffset + NumberBytes : Unit;

    /// <summary>Bytes of a record.</summary>
    public int Size => Shift + 4;

    /// <summary>All records.</summary>
    public byte[] Bytes { get; private set; } = [];

    /// <summary>The records of a layer's channels, or null where numbers leave 64 bits.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="tapOf">Index in the channel's window of a tap.</param>
    /// <param name="laneBias">What lanes hold more than the raw sums.</param>
    /// <param name="first">The value that is given as 0.</param>
    public static DepthwiseRecords? Create(WindowedLayer layer, Func<TapWeight, int> tapOf, long laneBias, int first)
    {
        bool isSplit = layer.Channels.Any(channel => channel.Requantization is { IsSplit: true, Constant: null });
        var records = new DepthwiseRecords(layer.KernelHeight * layer.KernelWidth, isSplit);
        records.Bytes = new byte[records.Size * layer.Channels.Count];
        for (int i = 0; i < layer.Channels.Count; i++)
        {
            OutputChannel channel = layer.Channels[i];
            LaneRequantization? scaling = channel.Requantization.Constant is { } constant
                ? new LaneRequantization(0, constant - first, 0, false, 0, 0)
                : channel.Requantization.ForLanes(laneBias - channel.Bias, channel.SumMin, channel.SumMax, first);
            if (scaling is null)
                return null;
            records.Write(records.Bytes.AsSpan(i * records.Size), channel, tapOf, scaling.Value);
        }
        return records;
    }

    private void Write(Span<byte> record, OutputChannel channel, Func<TapWeight, int> tapOf, LaneRequantization scaling)
    {
        foreach (TapWeight tap in channel.LiveTaps)
            record[tapOf(tap)] = (byte)(sbyte)tap.Weight;
        BinaryPrimitives.WriteInt64LittleEndian(record[Factor..], scaling.Factor);
        BinaryPrimitives.WriteInt64LittleEndian(record[Offset..], scaling.Offset);
        if (IsSplit)
        {
            BinaryPrimitives.WriteInt64LittleEndian(record[Unit..], scaling.Unit);
            BinaryPrimitives.WriteInt64LittleEndian(record[SplitOffset..], scaling.SplitOffset);
        }
        record[Shift] = (byte)scaling.Shift;
    }
}
