using System.Buffers;
using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Mqtt.Topics;

/// <summary>Topic names: what a message is published to (MQTT 3.1.1, 4.7).</summary>
public static class TopicName
{
    /// <summary>Separates the levels of names and filters.</summary>
    internal const char Separator = '/';

    /// <summary>Whether a text is a topic name: 1 to 65,535 bytes in UTF-8, without '+', '#' and U+0000.</summary>
    public static bool IsValid(ReadOnlySpan<char> topic) => !topic.IsEmpty && !topic.ContainsAny('+', '#') && MqttText.IsValid(topic);

    /// <summary>Whether a name belongs to the broker itself: it starts with '$'.</summary>
    public static bool IsReserved(ReadOnlySpan<char> topic) => topic.StartsWith('$');

    /// <summary>How many levels a name or a filter has; an empty level counts.</summary>
    public static int LevelsOf(ReadOnlySpan<char> topic) => 1 + topic.Count(Separator);

    /// <summary>Whether text that is known to be UTF-8 is not empty and has no wildcards.</summary>
    internal static bool HasNameCharacters(in ReadOnlySequence<byte> utf8)
    {
        if (utf8.IsSingleSegment)
            return !utf8.IsEmpty && !utf8.FirstSpan.ContainsAny((byte)'+', (byte)'#');
        foreach (ReadOnlyMemory<byte> part in utf8)
        {
            if (part.Span.ContainsAny((byte)'+', (byte)'#'))
                return false;
        }
        return !utf8.IsEmpty;
    }
}
