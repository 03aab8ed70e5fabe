using System;

namespace nanoFramework.Hardware.Stm32;

public static class BackupMemory
{
    public static int Size => throw null;
    public static void WriteBoolean(uint position, bool value) => throw null;
    public static void WriteByte(uint position, byte value) => throw null;
    public static void WriteDateTime(uint position, DateTime value) => throw null;
    public static void WriteInt16(uint position, short value) => throw null;
    public static void WriteInt32(uint position, int value) => throw null;
    public static void WriteInt64(uint position, long value) => throw null;
    public static void WriteSingle(uint position, float value) => throw null;
    public static void WriteString(uint position, string value) => throw null;
    public static void WriteTimeSpan(uint position, TimeSpan value) => throw null;
    public static void WriteUInt16(uint position, ushort value) => throw null;
    public static void WriteUInt32(uint position, uint value) => throw null;
    public static void WriteUInt64(uint position, ulong value) => throw null;
    public static bool ReadBoolean(uint position) => throw null;
    public static byte ReadByte(uint position) => throw null;
    public static DateTime ReadDateTime(uint position) => throw null;
    public static short ReadInt16(uint position) => throw null;
    public static int ReadInt32(uint position) => throw null;
    public static long ReadInt64(uint position) => throw null;
    public static float ReadSingle(uint position) => throw null;
    public static string ReadString(uint position, uint lenght) => throw null;
    public static TimeSpan ReadTimeSpan(uint position) => throw null;
    public static ushort ReadUInt16(uint position) => throw null;
    public static uint ReadUInt32(uint position) => throw null;
    public static ulong ReadUInt64(uint position) => throw null;
    public static void ReadBytes(uint position, byte[] value) => throw null;
    public static void WriteBytes(uint position, byte[] value) => throw null;
}
