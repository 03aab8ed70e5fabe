using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Runtime.Arithmetic;

/// <summary>Elements of any <see cref="TensorType"/> in the arena.</summary>
public static class Element
{
    /// <summary>Binary logarithm of the bytes of one element: an offset in elements is shifted left by it.</summary>
    public static int SizeShift(int type)
    {
        switch ((TensorType)type)
        {
            case TensorType.Int16: return 1;
            case TensorType.Int32: return 2;
            case TensorType.Float32: return 2;
            case TensorType.Int64: return 3;
            default: return 0;
        }
    }

    /// <summary>Least value of a type; int64 counts as int32.</summary>
    public static int Min(int type)
    {
        switch ((TensorType)type)
        {
            case TensorType.Int8: return -128;
            case TensorType.Int16: return short.MinValue;
            case TensorType.Bool: return 0;
            case TensorType.UInt8: return 0;
            default: return int.MinValue;
        }
    }

    /// <summary>Greatest value of a type; int64 counts as int32.</summary>
    public static int Max(int type)
    {
        switch ((TensorType)type)
        {
            case TensorType.Int8: return 127;
            case TensorType.Int16: return short.MaxValue;
            case TensorType.Bool: return 1;
            case TensorType.UInt8: return 255;
            default: return int.MaxValue;
        }
    }

    /// <summary>The int16 at a byte offset.</summary>
    public static int ReadInt16(sbyte[] arena, int offset)
    {
        return (arena[offset] & 0xFF) | (arena[offset + 1] << 8);
    }

    /// <summary>The int32 at a byte offset.</summary>
    public static int ReadInt32(sbyte[] arena, int offset)
    {
        return (arena[offset] & 0xFF) | ((arena[offset + 1] & 0xFF) << 8) | ((arena[offset + 2] & 0xFF) << 16) | (arena[offset + 3] << 24);
    }

    /// <summary>The element of a type at a byte offset; of an int64 its low 32 bits, of a float32 all its bits.</summary>
    public static int Read(sbyte[] arena, int offset, int type)
    {
        switch ((TensorType)type)
        {
            case TensorType.Int8: return arena[offset];
            case TensorType.Int16: return ReadInt16(arena, offset);
            case TensorType.Bool: return arena[offset] != 0 ? 1 : 0;
            case TensorType.UInt8: return arena[offset] & 0xFF;
            default: return ReadInt32(arena, offset);
        }
    }

    /// <summary>Writes the low 16 bits of a value.</summary>
    public static void WriteInt16(sbyte[] arena, int offset, int value)
    {
        arena[offset] = (sbyte)value;
        arena[offset + 1] = (sbyte)(value >> 8);
    }

    /// <summary>Writes an int32.</summary>
    public static void WriteInt32(sbyte[] arena, int offset, int value)
    {
        arena[offset] = (sbyte)value;
        arena[offset + 1] = (sbyte)(value >> 8);
        arena[offset + 2] = (sbyte)(value >> 16);
        arena[offset + 3] = (sbyte)(value >> 24);
    }

    /// <summary>Writes as many low bits of a value as the type has; an int64 is sign-extended, a boolean is whether the value is not 0.</summary>
    public static void Write(sbyte[] arena, int offset, int type, int value)
    {
        if (type == (int)TensorType.Bool)
            value = value != 0 ? 1 : 0;
        arena[offset] = (sbyte)value;
        int size = 1 << SizeShift(type);
        for (int i = 1; i < size; i++)
        {
            value >>= 8;
            arena[offset + i] = (sbyte)value;
        }
    }
}
