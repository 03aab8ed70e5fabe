using System.Buffers.Binary;
using System.Text;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>
/// A table of a FlatBuffers file. Every access is checked against the file's length, so a corrupt file gives
/// <see cref="ErrorCodes.TfLiteInvalid"/> and nothing else. Fields are named by their index in the schema.
/// </summary>
internal readonly struct FlatTable
{
    /// <summary>Most elements that a vector may claim.</summary>
    private const int MaxVectorLength = 1 << 28;

    private readonly byte[] _data;
    private readonly int _position;

    private FlatTable(byte[] data, int position)
    {
        _data = data;
        _position = position;
    }

    /// <summary>The root table of a file.</summary>
    public static FlatTable Root(byte[] data) => new(data, Follow(data, 0));

    /// <summary>A scalar of one byte.</summary>
    public int Byte(int field, int missing = 0) => Find(field, 1) is var at && at < 0 ? missing : _data[at];

    /// <summary>A scalar of four bytes.</summary>
    public int Int(int field, int missing = 0) => Find(field, 4) is var at && at < 0 ? missing : BinaryPrimitives.ReadInt32LittleEndian(_data.AsSpan(at));

    /// <summary>A scalar of eight bytes.</summary>
    public long Long(int field) => Find(field, 8) is var at && at < 0 ? 0 : BinaryPrimitives.ReadInt64LittleEndian(_data.AsSpan(at));

    /// <summary>A float32.</summary>
    public float Float(int field, float missing = 0) => Find(field, 4) is var at && at < 0 ? missing : BinaryPrimitives.ReadSingleLittleEndian(_data.AsSpan(at));

    /// <summary>A string, empty where absent.</summary>
    public string String(int field)
    {
        (int start, int length) = Vector(field, 1);
        return Encoding.UTF8.GetString(_data, start, length);
    }

    /// <summary>A table, or null where absent.</summary>
    public FlatTable? Table(int field) => Find(field, 4) is var at && at < 0 ? null : new FlatTable(_data, Follow(_data, at));

    /// <summary>A vector of tables.</summary>
    public FlatTable[] Tables(int field)
    {
        (int start, int length) = Vector(field, 4);
        var tables = new FlatTable[length];
        for (int i = 0; i < length; i++)
            tables[i] = new FlatTable(_data, Follow(_data, start + (4 * i)));
        return tables;
    }

    /// <summary>A vector of int32.</summary>
    public int[] Ints(int field)
    {
        (int start, int length) = Vector(field, 4);
        var values = new int[length];
        for (int i = 0; i < length; i++)
            values[i] = BinaryPrimitives.ReadInt32LittleEndian(_data.AsSpan(start + (4 * i)));
        return values;
    }

    /// <summary>A vector of int64.</summary>
    public long[] Longs(int field)
    {
        (int start, int length) = Vector(field, 8);
        var values = new long[length];
        for (int i = 0; i < length; i++)
            values[i] = BinaryPrimitives.ReadInt64LittleEndian(_data.AsSpan(start + (8 * i)));
        return values;
    }

    /// <summary>A vector of float32.</summary>
    public float[] Floats(int field)
    {
        (int start, int length) = Vector(field, 4);
        var values = new float[length];
        for (int i = 0; i < length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(_data.AsSpan(start + (4 * i)));
        return values;
    }

    /// <summary>A vector of bytes, in place.</summary>
    public ReadOnlyMemory<byte> Bytes(int field)
    {
        (int start, int length) = Vector(field, 1);
        return _data.AsMemory(start, length);
    }

    private (int Start, int Length) Vector(int field, int elementSize)
    {
        int at = Find(field, 4);
        if (at < 0)
            return (0, 0);
        int vector = Follow(_data, at);
        int length = BinaryPrimitives.ReadInt32LittleEndian(_data.AsSpan(vector));
        if (length is < 0 or > MaxVectorLength || vector + 4L + ((long)length * elementSize) > _data.Length)
            throw Invalid($"a vector of {length} elements at byte {vector} runs past the end of the file ({_data.Length} bytes)");
        return (vector + 4, length);
    }

    /// <summary>Position of a field's value, or -1 where the table does not have it.</summary>
    private int Find(int field, int size)
    {
        long table = _position - (long)BinaryPrimitives.ReadInt32LittleEndian(_data.AsSpan(_position));
        if (table < 0 || table + 4 > _data.Length)
            throw Invalid($"the table at byte {_position} has its field list outside the file");
        int entry = 4 + (2 * field);
        if (entry + 2 > BinaryPrimitives.ReadUInt16LittleEndian(_data.AsSpan((int)table)))
            return -1;
        if (table + entry + 2 > _data.Length)
            throw Invalid($"the table at byte {_position} has its field list outside the file");
        int offset = BinaryPrimitives.ReadUInt16LittleEndian(_data.AsSpan((int)table + entry));
        if (offset == 0)
            return -1;
        if ((long)_position + offset + size > _data.Length)
            throw Invalid($"a field of the table at byte {_position} lies outside the file");
        return _position + offset;
    }

    private static int Follow(byte[] data, int at)
    {
        if (at + 4 > data.Length)
            throw Invalid($"the file ends at byte {data.Length}, inside an offset");
        long target = at + (long)BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(at));
        if (target + 4 > data.Length)
            throw Invalid($"the offset at byte {at} points to byte {target} of {data.Length}");
        return (int)target;
    }

    private static ToolchainException Invalid(string what) =>
        new(ErrorCodes.TfLiteInvalid, $"Not a valid .tflite file: {what}.", "Export the model again, or check that it was copied completely.");
}
