namespace System;

public struct Boolean
{
    private readonly bool _value;

    public static readonly string FalseString;
    public static readonly string TrueString;

    public override string ToString() => throw null;
}

public struct Byte
{
    private readonly byte _value;

    public const byte MaxValue = 255;
    public const byte MinValue = 0;

    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
    public static byte Parse(string s) => throw null;
    public static bool TryParse(string s, out byte result) => throw null;
}

public struct Char
{
    private readonly char _value;

    public const char MaxValue = '\uffff';
    public const char MinValue = '\u0000';

    public override string ToString() => throw null;
    public char ToLower() => throw null;
    public char ToUpper() => throw null;
}

public struct Double
{
    private readonly double _value;

    public const double MinValue = -1.7976931348623157E+308;
    public const double MaxValue = 1.7976931348623157E+308;
    public const double Epsilon = 5E-324;
    public const double NegativeInfinity = -1.0 / 0.0;
    public const double PositiveInfinity = 1.0 / 0.0;
    public const double NaN = 0.0 / 0.0;

    public int CompareTo(double value) => throw null;
    public static bool IsInfinity(double d) => throw null;
    public static bool IsNaN(double d) => throw null;
    public static bool IsNegativeInfinity(double d) => throw null;
    public static bool IsPositiveInfinity(double d) => throw null;
    public static double Parse(string s) => throw null;
    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
    public static bool TryParse(string s, out double result) => throw null;
}

public struct Int16
{
    private readonly short _value;

    public const short MaxValue = 32767;
    public const short MinValue = -32768;

    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
    public static short Parse(string s) => throw null;
    public static bool TryParse(string s, out short result) => throw null;
}

public struct Int32
{
    private readonly int _value;

    public const int MaxValue = 2147483647;
    public const int MinValue = -2147483648;

    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
    public static int Parse(string s) => throw null;
    public static bool TryParse(string s, out int result) => throw null;
}

public struct Int64
{
    private readonly long _value;

    public const long MaxValue = 9223372036854775807L;
    public const long MinValue = -9223372036854775808;

    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
    public static long Parse(string s) => throw null;
    public static bool TryParse(string s, out long result) => throw null;
}

public struct IntPtr
{
}

public struct SByte
{
    private readonly sbyte _value;

    public const sbyte MaxValue = 127;
    public const sbyte MinValue = -128;

    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
    public static sbyte Parse(string s) => throw null;
    public static bool TryParse(string s, out sbyte result) => throw null;
}

public struct Single
{
    private readonly float _value;

    public const float MinValue = -3.4028235E+38f;
    public const float Epsilon = 1E-45f;
    public const float MaxValue = 3.4028235E+38f;
    public const float NegativeInfinity = -1.0f / 0.0f;
    public const float PositiveInfinity = 1.0f / 0.0f;
    public const float NaN = 0.0f / 0.0f;

    public static bool IsInfinity(float f) => throw null;
    public static bool IsNaN(float f) => throw null;
    public static bool IsNegativeInfinity(float f) => throw null;
    public static bool IsPositiveInfinity(float f) => throw null;
    public int CompareTo(float value) => throw null;
    public static float Parse(string s) => throw null;
    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
    public static bool TryParse(string s, out float result) => throw null;
}

public struct UInt16
{
    private readonly ushort _value;

    public const ushort MaxValue = 65535;
    public const ushort MinValue = 0;

    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
    public static ushort Parse(string s) => throw null;
    public static bool TryParse(string s, out ushort result) => throw null;
}

public struct UInt32
{
    private readonly uint _value;

    public const uint MaxValue = 4294967295U;
    public const uint MinValue = 0U;

    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
    public static uint Parse(string s) => throw null;
    public static bool TryParse(string s, out uint result) => throw null;
}

public struct UInt64
{
    private readonly ulong _value;

    public const ulong MaxValue = 18446744073709551615UL;
    public const ulong MinValue = 0UL;

    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
    public static ulong Parse(string s) => throw null;
    public static bool TryParse(string s, out ulong result) => throw null;
}

public struct UIntPtr
{
}

public struct Void
{
}
