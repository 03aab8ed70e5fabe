using System.Buffers.Binary;
using System.Text;

namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>A nanoFramework assembly as the metadata processor writes it (<c>.pe</c>).</summary>
/// <param name="Name">Name of the assembly.</param>
/// <param name="Version">Version.</param>
/// <param name="Bytes">The file.</param>
/// <remarks>
/// Header of 124 bytes: marker, CRC of the header, CRC of the rest, flags, checksum of native methods, patch entry, version, name (offset in the table of strings),
/// version of the string table, starts of 16 tables of which the last is the end, patched methods, padding of each table. Table 0 are the references
/// (name, padding, version), table 6 the methods (name, offset of code, flags, four bytes, two signatures), table 11 the strings.
/// </remarks>
public sealed record NanoAssemblyFile(string Name, Version Version, byte[] Bytes)
{
    private const int HeaderSize = 124;
    private const int HeaderCrcOffset = 8;
    private const int BodyCrcOffset = 12;
    private const int NativeChecksumOffset = 20;
    private const int VersionOffset = 28;
    private const int NameOffset = 36;
    private const int TablesOffset = 40;
    private const int PaddingOffset = 108;
    private const int ReferencesTable = 0;
    private const int ReferenceBytes = 12;
    private const int MethodsTable = 6;
    private const int MethodBytes = 16;
    private const int MethodFlagsOffset = 4;
    private const uint EntryPointFlag = 0x08000000;
    private const int StringsTable = 11;
    private const int EndTable = 15;
    private const int CoreLibraryName = 0xFCD2;
    private const string CommonName = "#";

    private string? _commonName;

    /// <summary>Checksum of the native methods, 0 where it has none. The CLR refuses the assembly where its own native part has another.</summary>
    public uint NativeChecksum { get; private init; }

    /// <summary>The assemblies that it needs.</summary>
    public IReadOnlyList<AssemblyReference> References { get; private init; } = [];

    /// <summary>Whether a program can start in it.</summary>
    public bool HasEntryPoint { get; private init; }

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
        return twice.Length == 0 ? DependenciesFirst([.. files.Select(file => file.WithNamesOf(files))]) : throw Bad($"'{folder}' holds {string.Join(", ", twice)} more than once.");
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
        return file._commonName is null ? file : file with { Name = Path.GetFileNameWithoutExtension(fileName) };
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
        ReadOnlySpan<byte> body = bytes[..(int)size];
        for (int table = 0; table < EndTable; table++)
        {
            long length = (long)UInt(bytes, TablesOffset + (4 * (table + 1))) - UInt(bytes, TablesOffset + (4 * table)) - bytes[PaddingOffset + table];
            if (length < 0 || UInt(bytes, TablesOffset + (4 * (table + 1))) > size)
                return false;
        }
        ReadOnlySpan<byte> strings = Table(body, StringsTable);
        string name = NameAt(strings, UShort(bytes, NameOffset));
        file = new NanoAssemblyFile(name, VersionAt(bytes, VersionOffset), body.ToArray())
        {
            _commonName = name.StartsWith(CommonName, StringComparison.Ordinal) ? name : null,
            NativeChecksum = UInt(bytes, NativeChecksumOffset),
            References = ReferencesOf(Table(body, ReferencesTable), strings),
            HasEntryPoint = HasEntry(Table(body, MethodsTable)),
        };
        return true;
    }

    // Those that change most come last: in flash they do not shift the others.
    private static NanoAssemblyFile[] DependenciesFirst(NanoAssemblyFile[] files)
    {
        Dictionary<string, int> depths = files.ToDictionary(file => file.Name, _ => 0);
        for (int round = 0; round < files.Length; round++)
        {
            foreach (NanoAssemblyFile file in files)
                depths[file.Name] = file.References.Select(reference => depths.GetValueOrDefault(reference.Name, -1) + 1).Where(depth => depth <= files.Length).DefaultIfEmpty(0).Max();
        }
        return [.. files.OrderBy(file => depths[file.Name]).ThenBy(file => file.Name, StringComparer.Ordinal)];
    }

    // An assembly whose name is a common word goes by the name of its file.
    private NanoAssemblyFile WithNamesOf(NanoAssemblyFile[] files) => this with
    {
        References = [.. References.Select(reference => reference with { Name = files.FirstOrDefault(file => file._commonName == reference.Name)?.Name ?? reference.Name })],
    };

    private static ReadOnlySpan<byte> Table(ReadOnlySpan<byte> body, int table)
    {
        int start = (int)UInt(body, TablesOffset + (4 * table));
        int end = (int)UInt(body, TablesOffset + (4 * (table + 1)));
        return body[start..(end - body[PaddingOffset + table])];
    }

    private static List<AssemblyReference> ReferencesOf(ReadOnlySpan<byte> table, ReadOnlySpan<byte> strings)
    {
        var references = new List<AssemblyReference>();
        for (int at = 0; at + ReferenceBytes <= table.Length; at += ReferenceBytes)
            references.Add(new AssemblyReference(NameAt(strings, UShort(table, at)), VersionAt(table, at + 4)));
        return references;
    }

    private static bool HasEntry(ReadOnlySpan<byte> table)
    {
        for (int at = 0; at + MethodBytes <= table.Length; at += MethodBytes)
        {
            if ((UInt(table, at + MethodFlagsOffset) & EntryPointFlag) != 0)
                return true;
        }
        return false;
    }

    // Common words are not in the file: every CLR knows them by number.
    private static string NameAt(ReadOnlySpan<byte> strings, int offset)
    {
        if (offset == CoreLibraryName)
            return "mscorlib";
        if (offset >= strings.Length)
            return $"{CommonName}{offset:X4}";
        ReadOnlySpan<byte> text = strings[offset..];
        int end = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
    }

    private static Version VersionAt(ReadOnlySpan<byte> bytes, int offset) =>
        new(UShort(bytes, offset), UShort(bytes, offset + 2), UShort(bytes, offset + 4), UShort(bytes, offset + 6));

    private static uint UInt(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static ushort UShort(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static BenchException Bad(string message) => new(BenchErrorCodes.BadApplication, message, "Give the folder with the .pe files that the build of your application made.");
}
