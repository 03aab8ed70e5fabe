using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Weights of 4 bits as the device file holds them: <see cref="FourBitRows"/>.</summary>
internal static class FourBitPacking
{
    /// <summary>Whether a layer's weights are of 4 bits.</summary>
    public static bool Applies(Node node) => node.InputOrNull(1) is { Type: ElementType.Int4, IsConstant: true };

    /// <summary>Packs the weights of a layer and keeps its channel table.</summary>
    /// <param name="bytes">Weights [channels, depth], one a byte, and their table.</param>
    /// <param name="depth">Weights of one channel.</param>
    /// <param name="channels">Number of channels.</param>
    /// <exception cref="LoweringException">A weight is not in [-8, 7].</exception>
    public static byte[] Pack(byte[] bytes, int depth, int channels)
    {
        int rowBytes = FourBitRows.Bytes(depth);
        byte[] packed = new byte[ChannelTable.Bytes(rowBytes * channels, channels)];
        for (int i = 0; i < channels * depth; i++)
        {
            int weight = (sbyte)bytes[i], tap = i % depth;
            if (weight is < -8 or > 7)
                throw new LoweringException($"one of its 4-bit weights is {weight}");
            packed[i / depth * rowBytes + tap / 2] |= (byte)((weight & 15) << (tap % 2 * 4));
        }
        bytes.AsSpan(ChannelTable.Start(0, depth * channels)).CopyTo(packed.AsSpan(ChannelTable.Start(0, rowBytes * channels)));
        return packed;
    }

    /// <summary>The bytes that <see cref="Pack"/> made packed ones of.</summary>
    public static byte[] Unpack(byte[] packed, int depth, int channels)
    {
        int rowBytes = FourBitRows.Bytes(depth);
        byte[] bytes = new byte[ChannelTable.Bytes(depth * channels, channels)];
        for (int i = 0; i < channels * depth; i++)
            bytes[i] = (byte)FourBitRows.At(packed, i / depth * rowBytes, i % depth);
        packed.AsSpan(ChannelTable.Start(0, rowBytes * channels)).CopyTo(bytes.AsSpan(ChannelTable.Start(0, depth * channels)));
        return bytes;
    }
}
