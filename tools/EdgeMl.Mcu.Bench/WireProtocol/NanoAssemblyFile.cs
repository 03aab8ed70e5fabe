using System.Buffers.Binary;
using System.Text;

namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>A nanoFramework assembly as the metadata processor writes it (<c>.pe</c>).</summary>
/// <param name="Name">Name of the assembly.</param>
/// <param name="Version">Version.</param>
/// <param name="Bytes">The file.</param>
/// <remarks>
/// Header of 124 bytes: marker, CRC of the header, CRC of the rest, flags, checksum of native methods, patch entry, version, name (offset in the table of strings),
/// version of the string table, starts of 16 tables of which the last is the end, patched methods, padding of each table.
/// </remarks>
public sealed record NanoAssemblyFile(string Name, Version Version, byte[] Bytes)
{
    private const int HeaderSize = 124;
    private const int HeaderCrcOffset = 8;
    private const int BodyCrcOffset = 12;
    private const int VersionOffset = 28;
    private const int NameOffset = 36;
    private const int TablesOffset = 40;
    private const int StringsTable = 11;
    private const int EndTable = 15;
    private const string CommonName = "#";

    /// <summary>Reads the assemblies of a folder, those that others need first.</summary>
    /// <param name="folder">Folder of a build's <c>.pe</c> files.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.BadApplication"/>.</exception>
    public static IReadOnlyList<NanoAssemblyFile> ReadFolder(string folder)
    {
        string[] paths = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.pe") : throw Bad($"There is no folder '{folder}'.");
        NanoAssemblyFile[] files = [.. paths.Order(StringComparer.Ordinal).Select(path => Parse(Path.GetFileName(path), File.ReadAllBytes(path)))];
        if (files.Length == 0)
            throw Bad($"There is no .pe file in '{folder}'.");
        string[] twice = [.. files.GroupBy(file => file.Name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key)];
        return twice.Length == 0 ? files : throw Bad($"'{folder}' holds {string.Join(", ", twice)} more than once.");
    }

    /// <summary>Reads one assembly.</summary>
    /// <param name="fileName">Name for messages.</param>
    /// <param name="bytes">Content of the file.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.BadApplication"/>.</exception>
    public static NanoAssemblyFile Parse(string fileName, byte[] bytes)
    {
        if (bytes.Length < HeaderSize || !bytes.AsSpan().StartsWith("NFMRK1\0\0"u8))
            throw Bad(bytes.AsSpan().StartsWith("NFMRK2"u8) ? $"{fileName} is for the 2.x line of nanoFramework; this tool deploys to 1.x." : $"{fileName} is no nanoFramework assembly.");
        if (!TryRead(bytes, out NanoAssemblyFile? file) || file.Bytes.Length != bytes.Length)
            throw Bad($"{fileName} is damaged: its checksum or length is wrong ({bytes.Length:N0} bytes).");
        return file.Name.StartsWith(CommonName, StringComparison.Ordinal) ? file with { Name = Path.GetFileNameWithoutExtension(fileName) } : file;
    }

    /// <summary>Reads an assembly that begins some bytes; there may be more behind it.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out NanoAssemblyFile? file)
    {
        file = null;
        if (bytes.Length < HeaderSize || !bytes.StartsWith("NFMRK1\0\0"u8))
            return false;
        byte[] header = bytes[..HeaderSize].ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(HeaderCrcOffset), 0);
        uint size = UInt(bytes, TablesOffset + (4 * EndTable));
        if (WireCrc32.Compute(header) != UInt(bytes, HeaderCrcOffset) || size < HeaderSize || size > bytes.Length || size % 4 != 0)
            return false;
        if (WireCrc32.Compute(bytes[HeaderSize..(int)size]) != UInt(bytes, BodyCrcOffset))
            return false;
        uint strings = UInt(bytes, TablesOffset + (4 * StringsTable));
        uint stringsEnd = UInt(bytes, TablesOffset + (4 * (StringsTable + 1)));
        if (strings > stringsEnd || stringsEnd > size)
            return false;
        var version = new Version(UShort(bytes, VersionOffset), UShort(bytes, VersionOffset + 2), UShort(bytes, VersionOffset + 4), UShort(bytes, VersionOffset + 6));
        file = new NanoAssemblyFile(NameAt(bytes[(int)strings..(int)stringsEnd], UShort(bytes, NameOffset)), version, bytes[..(int)size].ToArray());
        return true;
    }

    // Common words are not in the file: every CLR knows them by number.
    private static string NameAt(ReadOnlySpan<byte> strings, int offset)
    {
        if (offset >= strings.Length)
            return $"{CommonName}{offset:X4}";
        ReadOnlySpan<byte> text = strings[offset..];
        int end = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
    }

    private static uint UInt(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static ushort UShort(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static BenchException Bad(string message) => new(BenchErrorCodes.BadApplication, message, "Give the folder with the .pe files that the build of your application made.");
}
