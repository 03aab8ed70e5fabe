using System.Buffers.Binary;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Runtime.Tests;

/// <summary>Changes bytes of a model file and makes its checksum right again.</summary>
internal static class ModelBytes
{
    public static int Int(byte[] file, int offset) => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(offset));

    /// <summary>A copy with another int32 at an offset.</summary>
    public static byte[] With(byte[] file, int offset, int value) => Changed(file, copy => BinaryPrimitives.WriteInt32LittleEndian(copy.AsSpan(offset), value));

    /// <summary>A copy with another byte at an offset.</summary>
    public static byte[] WithByte(byte[] file, int offset, int value) => Changed(file, copy => copy[offset] = (byte)value);

    /// <summary>A copy without a self-test.</summary>
    public static byte[] WithoutSelfTest(byte[] file) => With(file, ModelFormat.Header.SelfTestOffset, 0);

    /// <summary>A changed copy whose checksum is right.</summary>
    public static byte[] Changed(byte[] file, Action<byte[]> change)
    {
        byte[] copy = [.. file];
        change(copy);
        return Repair(copy);
    }

    /// <summary>Makes length and checksum right, in place, where the file is long enough to have them.</summary>
    public static byte[] Repair(byte[] file)
    {
        if (file.Length < ModelFormat.Header.Size + 4)
            return file;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(ModelFormat.Header.LengthOffset), file.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(file.Length - 4), Crc32.Compute(file, 0, file.Length - 4));
        return file;
    }

    /// <summary>File offset of a tensor record: inputs first, then outputs.</summary>
    public static int TensorRecord(int index) => ModelFormat.Header.Size + (index * ModelFormat.TensorRecord.Size);
}
