using System.Buffers.Binary;
using EdgeMl.Mcu.Runtime.Format;
using H = EdgeMl.Mcu.Runtime.Format.ModelFormat.Header;
using L = EdgeMl.Mcu.Runtime.Format.ModelFormat.LayerRecord;

namespace EdgeMl.Mcu.Toolchain.Tests.Golden;

/// <summary>Device files whose checksum is right but whose layers have wrong parameters.</summary>
internal static class HostileFile
{
    private static readonly int[] Extremes = [int.MinValue, int.MinValue + 1, -1, 0, 1, 2, 31, 127, 128, ModelFormat.MaxBytes, ModelFormat.MaxBytes + 1, 1 << 30, int.MaxValue];

    /// <summary>The file with one or two parameters of its layers replaced.</summary>
    public static byte[] Mutate(byte[] intact, Random random)
    {
        byte[] bytes = (byte[])intact.Clone();
        int[] parameters = [.. ParameterOffsets(bytes)];
        for (int change = random.Next(2); change >= 0; change--)
        {
            Span<byte> parameter = bytes.AsSpan(parameters[random.Next(parameters.Length)], 4);
            int old = BinaryPrimitives.ReadInt32LittleEndian(parameter);
            int value = random.Next(3) switch { 0 => old + random.Next(-4, 5), 1 => old * random.Next(-2, 3), _ => Extremes[random.Next(Extremes.Length)] };
            BinaryPrimitives.WriteInt32LittleEndian(parameter, value);
        }
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4), Crc32.Compute(bytes, 0, bytes.Length - 4));
        return bytes;
    }

    /// <summary>Where the parameters of all layers stand.</summary>
    public static IEnumerable<int> ParameterOffsets(byte[] bytes)
    {
        int record = BitConverter.ToInt32(bytes, H.LayersOffset);
        for (int layer = BitConverter.ToUInt16(bytes, H.LayerCountOffset); layer > 0; layer--)
        {
            int count = BitConverter.ToUInt16(bytes, record + L.ParameterCountOffset);
            record += L.Size;
            for (int i = 0; i < count; i++, record += 4)
                yield return record;
        }
    }
}
