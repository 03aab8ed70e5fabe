using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Data;

/// <summary>Reads NumPy's .npy files, versions 1.0 to 3.0: little-endian, C order, types f2 f4 f8 i1 i2 i4 i8 u1 u2 b1.</summary>
public static class NpyReader
{
    private const int HeaderBytesMax = 1 << 16;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Parses the content of a file.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="name">Name of the file, for messages.</param>
    /// <exception cref="ToolchainException"><c>data.npy-invalid</c>.</exception>
    public static NumericArray Parse(ReadOnlySpan<byte> content, string name)
    {
        if (content.IsEmpty)
            throw Invalid(name, "the file is empty");
        if (content.Length < 10 || !content.StartsWith(Magic))
            throw Invalid(name, "it does not start with NumPy's magic number and version");
        int version = content[6];
        if (version is < 1 or > 3 || content[7] != 0)
            throw Invalid(name, $"its format version is {version}.{content[7]}; 1.0 to 3.0 are known");
        int lengthBytes = version == 1 ? 2 : 4;
        if (content.Length < 8 + lengthBytes)
            throw Invalid(name, "it ends inside the header");
        uint headerBytes = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(content[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(content[8..]);
        int headerStart = 8 + lengthBytes;
        if (headerBytes > HeaderBytesMax || headerBytes > content.Length - headerStart)
            throw Invalid(name, $"its header has {headerBytes} bytes and the file {content.Length - headerStart} after the header's length");
        ReadOnlySpan<byte> header = content.Slice(headerStart, (int)headerBytes);
        string text = (version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(header);
        NpyHeader parsed = NpyHeader.TryParse(text, out string reason) ?? throw Invalid(name, reason);
        return ReadArray(parsed, content[(headerStart + (int)headerBytes)..], name);
    }

    private static NumericArray ReadArray(NpyHeader header, ReadOnlySpan<byte> data, string name)
    {
        (char order, string type) = header.Descriptor is { Length: >= 2 } d ? (d[0], d[1..]) : ('?', header.Descriptor);
        int size = type switch
        {
            "i1" or "u1" or "b1" => 1,
            "f2" or "i2" or "u2" => 2,
            "f4" or "i4" => 4,
            "f8" or "i8" => 8,
            _ => 0,
        };
        if (size == 0)
        {
            throw Invalid(name, $"its elements are of type '{NpyHeader.Printable(header.Descriptor)}'; f2 f4 f8 i1 i2 i4 i8 u1 u2 b1 are supported",
                "Save it with numpy.save(path, array.astype('<f4')).");
        }
        if (order == '>' && size > 1)
            throw Invalid(name, "its elements are big-endian; little-endian is supported", "Save it with numpy.save(path, array.astype('<f4')).");
        if (order is not ('<' or '|' or '=' or '>'))
            throw Invalid(name, $"its elements have no byte order that is known ('{NpyHeader.Printable(header.Descriptor)}')");
        if (header.FortranOrder && header.Dimensions.Length > 1)
            throw Invalid(name, "it is in Fortran order; C order is supported", "Save it with numpy.save(path, numpy.ascontiguousarray(array)).");

        long expected = size;
        foreach (int dimension in header.Dimensions)
        {
            // Beyond any file, and before the product could overflow.
            if (expected > DataFile.BytesMax)
                break;
            expected *= dimension;
        }
        if (expected != data.Length)
        {
            throw Invalid(name, $"the shape {new Shape(header.Dimensions)} of {size}-byte elements needs {expected} bytes of data and the file has {data.Length}");
        }
        return new NumericArray(new Shape(header.Dimensions), Decode(type, data, name));
    }

    private static Array Decode(string type, ReadOnlySpan<byte> data, string name) => type switch
    {
        "f2" => MemoryMarshal.Cast<byte, Half>(data).ToArray(),
        "f4" => MemoryMarshal.Cast<byte, float>(data).ToArray(),
        "f8" => MemoryMarshal.Cast<byte, double>(data).ToArray(),
        "i1" => MemoryMarshal.Cast<byte, sbyte>(data).ToArray(),
        "u1" => data.ToArray(),
        "i2" => MemoryMarshal.Cast<byte, short>(data).ToArray(),
        "u2" => MemoryMarshal.Cast<byte, ushort>(data).ToArray(),
        "i4" => MemoryMarshal.Cast<byte, int>(data).ToArray(),
        "i8" => MemoryMarshal.Cast<byte, long>(data).ToArray(),
        _ => Booleans(data, name),
    };

    private static bool[] Booleans(ReadOnlySpan<byte> data, string name)
    {
        int invalid = data.IndexOfAnyExceptInRange((byte)0, (byte)1);
        if (invalid >= 0)
            throw Invalid(name, $"its boolean element {invalid} is {data[invalid]}");
        return MemoryMarshal.Cast<byte, bool>(data).ToArray();
    }

    private static ToolchainException Invalid(string name, string reason, string? hint = null) =>
        new(ErrorCodes.NpyInvalid, $"'{name}' is no usable .npy file: {reason}.", hint ?? "Write it anew with numpy.save(path, array).");
}
