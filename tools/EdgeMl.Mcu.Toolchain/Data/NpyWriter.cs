using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeMl.Mcu.Toolchain.Data;

/// <summary>Writes NumPy's .npy files, version 1.0, little-endian and in C order.</summary>
public static class NpyWriter
{
    private const int Alignment = 64;

    /// <summary>The content of a file that holds the array.</summary>
    public static byte[] Write(NumericArray array)
    {
        string descriptor = Descriptor(array.Values.GetType());
        int dataBytes = array.Values.Length * (descriptor[2] - '0');
        string shape = array.Shape.Rank == 1 ? $"({array.Shape[0]},)" : $"({string.Join(", ", array.Shape.ToArray())})";
        string header = $"{{'descr': '{descriptor}', 'fortran_order': False, 'shape': {shape}, }}";
        int headerBytes = (10 + header.Length + 1 + Alignment - 1) / Alignment * Alignment - 10;
        var content = new byte[10 + headerBytes + dataBytes];
        Encoding.Latin1.GetBytes("\u0093NUMPY\u0001\0", content);
        BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(8), (ushort)headerBytes);
        Encoding.Latin1.GetBytes(header.PadRight(headerBytes - 1) + '\n', content.AsSpan(10));
        MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(array.Values), dataBytes).CopyTo(content.AsSpan(10 + headerBytes));
        return content;
    }

    private static string Descriptor(Type type) =>
        type == typeof(Half[]) ? "<f2"
        : type == typeof(float[]) ? "<f4"
        : type == typeof(double[]) ? "<f8"
        : type == typeof(sbyte[]) ? "|i1"
        : type == typeof(byte[]) ? "|u1"
        : type == typeof(short[]) ? "<i2"
        : type == typeof(ushort[]) ? "<u2"
        : type == typeof(int[]) ? "<i4"
        : type == typeof(long[]) ? "<i8"
        : type == typeof(bool[]) ? "|b1"
        : throw new InvalidOperationException($"{type} is no array of numbers.");
}
