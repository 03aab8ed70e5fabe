using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace EdgeMl.Mcu.Mqtt.Packets;

/// <summary>UTF-8 strings as MQTT 3.1.1, 1.5.3 allows them: at most 65,535 bytes, well-formed, without U+0000.</summary>
internal static class MqttText
{
    /// <summary>The most bytes of a string.</summary>
    public const int BytesMax = ushort.MaxValue;

    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether bytes are a string.</summary>
    public static bool IsValid(ReadOnlySpan<byte> utf8) => utf8.Length <= BytesMax && !utf8.Contains((byte)0) && Utf8.IsValid(utf8);

    /// <inheritdoc cref="IsValid(ReadOnlySpan{byte})"/>
    public static bool IsValid(in ReadOnlySequence<byte> utf8)
    {
        if (utf8.IsSingleSegment)
            return IsValid(utf8.FirstSpan);
        byte[] copy = ArrayPool<byte>.Shared.Rent((int)utf8.Length);
        utf8.CopyTo(copy);
        bool isValid = IsValid(copy.AsSpan(0, (int)utf8.Length));
        ArrayPool<byte>.Shared.Return(copy);
        return isValid;
    }

    /// <summary>Whether a string of the host is one that MQTT can carry.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length > BytesMax || text.Contains('\0'))
            return false;
        try
        {
            return Encoding.GetByteCount(text) <= BytesMax;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>Bytes that a string takes on the wire, with its length field.</summary>
    public static int SizeOf(string text) => 2 + Encoding.GetByteCount(text);

    /// <summary>Writes a string without a length field and tells its bytes.</summary>
    public static int Write(Span<byte> target, string text) => Encoding.GetBytes(text, target);
}
