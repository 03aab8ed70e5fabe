using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Mqtt.Topics;

/// <summary>Topic filters: what is subscribed to (MQTT 3.1.1, 4.7).</summary>
/// <remarks>'+' as a whole level stands for one level, '#' as the last level for the level before it and all below it.</remarks>
public static class TopicFilter
{
    internal const string SingleLevel = "+", MultiLevel = "#";

    /// <summary>Whether a text is a topic filter: 1 to 65,535 bytes in UTF-8, without U+0000, wildcards only where they are allowed.</summary>
    public static bool IsValid(ReadOnlySpan<char> filter)
    {
        if (filter.IsEmpty || !MqttText.IsValid(filter))
            return false;
        bool isMultiLevel = false;
        foreach (Range range in filter.Split(TopicName.Separator))
        {
            ReadOnlySpan<char> level = filter[range];
            if (isMultiLevel || (level.Length > 1 && level.ContainsAny('+', '#')))
                return false;
            isMultiLevel = level is MultiLevel;
        }
        return true;
    }

    /// <summary>Whether a filter has wildcards.</summary>
    public static bool HasWildcards(ReadOnlySpan<char> filter) => filter.ContainsAny('+', '#');

    /// <summary>Whether a filter selects a topic name. A filter that starts with a wildcard does not select a name that starts with '$'.</summary>
    /// <param name="filter">A valid filter.</param>
    /// <param name="topic">A valid name.</param>
    public static bool Matches(ReadOnlySpan<char> filter, ReadOnlySpan<char> topic)
    {
        if (TopicName.IsReserved(topic) && (filter[0] is '+' or '#'))
            return false;
        while (true)
        {
            ReadOnlySpan<char> wanted = TakeLevel(ref filter, out bool filterGoesOn);
            if (wanted is MultiLevel)
                return true;
            ReadOnlySpan<char> level = TakeLevel(ref topic, out bool topicGoesOn);
            if (wanted is not SingleLevel && !wanted.SequenceEqual(level))
                return false;
            if (!topicGoesOn)
                return !filterGoesOn || filter is MultiLevel;
            if (!filterGoesOn)
                return false;
        }
    }

    /// <summary>Cuts off the first level; <paramref name="goesOn"/> tells whether another, perhaps empty, follows.</summary>
    internal static ReadOnlySpan<char> TakeLevel(ref ReadOnlySpan<char> path, out bool goesOn)
    {
        int end = path.IndexOf(TopicName.Separator);
        goesOn = end >= 0;
        ReadOnlySpan<char> level = goesOn ? path[..end] : path;
        path = goesOn ? path[(end + 1)..] : [];
        return level;
    }
}
