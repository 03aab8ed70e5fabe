using System.Buffers.Binary;
using System.Text;

namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>Assemblies with a name, references, a Main without code, and filling, in the real format. A board loads them as it loads others; there is nothing in them to run.</summary>
public static class EmptyAssembly
{
    private const int HeaderSize = 124;
    private const uint EntryPointFlag = 0x08000000;
    private static readonly Version DefaultVersion = new(1, 2, 3, 4);

    /// <summary>Makes the file of an assembly.</summary>
    /// <param name="name">Name.</param>
    /// <param name="bodyBytes">Bytes of filling, rounded up to a multiple of 4.</param>
    /// <param name="version">Version; null for 1.2.3.4.</param>
    /// <param name="seed">Makes the filling.</param>
    /// <param name="native">Checksum of the native part, 0 for none.</param>
    /// <param name="main">Whether it has an entry point.</param>
    /// <param name="references">Assemblies that it needs.</param>
    public static byte[] Create(string name, int bodyBytes, Version? version = null, int seed = 1, uint native = 0, bool main = false, params AssemblyReference[] references)
    {
        var strings = new MemoryStream();
        ushort nameOffset = Add(strings, name);
        var table = new MemoryStream();
        foreach (AssemblyReference reference in references)
        {
            byte[] record = new byte[12];
            BinaryPrimitives.WriteUInt16LittleEndian(record, Add(strings, reference.Name));
            PutVersion(record, 4, reference.Version);
            table.Write(record);
        }
        byte[] method = new byte[main ? 16 : 0];
        if (main)
            Put(method, 4, EntryPointFlag);
        byte[] filling = new byte[(bodyBytes + 3) / 4 * 4];
        new Random(seed).NextBytes(filling);
        int padding = -(int)strings.Length & 3;
        strings.Write(new byte[padding]);
        byte[] file = [.. new byte[HeaderSize], .. table.ToArray(), .. method, .. strings.ToArray(), .. filling];
        "NFMRK1\0\0"u8.CopyTo(file);
        Put(file, 20, native);
        PutVersion(file, 28, version ?? DefaultVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(36), nameOffset);
        int afterReferences = HeaderSize + (int)table.Length;
        int afterMethods = afterReferences + method.Length;
        int afterStrings = afterMethods + (int)strings.Length;
        for (int i = 0; i < 16; i++)
            Put(file, 40 + (4 * i), (uint)(i == 0 ? HeaderSize : i <= 6 ? afterReferences : i <= 11 ? afterMethods : i == 12 ? afterStrings : file.Length));
        file[108 + 11] = (byte)padding;
        Put(file, 12, WireCrc32.Compute(file.AsSpan(HeaderSize)));
        Put(file, 8, WireCrc32.Compute(file.AsSpan(0, HeaderSize)));
        return file;
    }

    private static ushort Add(MemoryStream strings, string text)
    {
        ushort offset = (ushort)strings.Length;
        strings.Write([.. Encoding.UTF8.GetBytes(text), 0]);
        return offset;
    }

    private static void PutVersion(byte[] bytes, int offset, Version version)
    {
        int[] parts = [version.Major, version.Minor, version.Build, version.Revision];
        for (int i = 0; i < parts.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(offset + (2 * i)), (ushort)Math.Max(parts[i], 0));
    }

    private static void Put(byte[] bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);
}
