using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeMl.Mcu.Toolchain.Data;

/// <summary>Writes NumPy's .npy files, version 1.0, little-endian and in C order, byte for byte as <c>numpy.save</c> does.</summary>
public static class NpyWriter
{
    private const int Alignment = 64;

    /// <summary>The content of a file that holds the array.</summary>
    public static byte[] Write(NumericArray array)
    {
        (string descriptor, byte[] data) = array.Values switch
        {
            Half[] d => ("<f2", Bytes<Half>(d)),
            float[] d => ("<f4", Bytes<float>(d)),
            double[] d => ("<f8", Bytes<double>(d)),
            sbyte[] d => ("|i1", Bytes<sbyte>(d)),
            byte[] d => ("|u1", d),
            short[] d => ("<i2", Bytes<short>(d)),
            ushort[] d => ("<u2", Bytes<ushort>(d)),
            int[] d => ("<i4", Bytes<int>(d)),
            long[] d => ("<i8", Bytes<long>(d)),
            bool[] d => ("|b1", Bytes<bool>(d)),
            _ => throw new InvalidOperationException($"{array.Values.GetType()} is no array of numbers."),
        };
        string shape = array.Shape.Rank == 1 ? $"({array.Shape[0]},)" : $"({string.Join(", ", array.Shape.ToArray())})";
        string header = $"{{'descr': '{descriptor}', 'fortran_order': False, 'shape': {shape}, }}";
        int headerBytes = (10 + header.Length + 1 + Alignment - 1) / Alignment * Alignment - 10;
        var content = new byte[10 + headerBytes + data.Length];
        Encoding.Latin1.GetBytes("\u0093NUMPY\u0001\0", content);
        BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(8), (ushort)headerBytes);
        Encoding.Latin1.GetBytes(header.PadRight(headerBytes - 1) + '\n', content.AsSpan(10));
        data.CopyTo(content, 10 + headerBytes);
        return content;
    }

    private static byte[] Bytes<T>(T[] values) where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();
}
