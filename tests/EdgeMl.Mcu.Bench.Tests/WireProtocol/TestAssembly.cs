using System.Buffers.Binary;
using System.Text;
using EdgeMl.Mcu.Bench.WireProtocol;

namespace EdgeMl.Mcu.Bench.Tests.WireProtocol;

/// <summary>Assemblies with nothing in them but a name and filling, in the real format.</summary>
internal static class TestAssembly
{
    private const int HeaderSize = 124;

    public static byte[] Create(string name, int bodyBytes, Version? version = null, int seed = 1)
    {
        byte[] strings = [.. Encoding.UTF8.GetBytes(name), 0];
        int size = HeaderSize + ((strings.Length + 3) / 4 * 4) + ((bodyBytes + 3) / 4 * 4);
        byte[] file = new byte[size];
        new Random(seed).NextBytes(file.AsSpan(HeaderSize));
        strings.CopyTo(file, HeaderSize);
        "NFMRK1\0\0"u8.CopyTo(file);
        version ??= new Version(1, 2, 3, 4);
        int[] parts = [version.Major, version.Minor, version.Build, version.Revision];
        for (int i = 0; i < parts.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(28 + (2 * i)), (ushort)parts[i]);
        for (int table = 0; table < 16; table++)
            Put(file, 40 + (4 * table), table <= 11 ? HeaderSize : table == 12 ? (uint)(HeaderSize + ((strings.Length + 3) / 4 * 4)) : (uint)size);
        Put(file, 12, WireCrc32.Compute(file.AsSpan(HeaderSize)));
        Put(file, 8, WireCrc32.Compute(file.AsSpan(0, HeaderSize)));
        return file;
    }

    private static void Put(byte[] bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);
}
