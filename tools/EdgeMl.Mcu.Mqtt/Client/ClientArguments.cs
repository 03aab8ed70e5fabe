using System.Runtime.CompilerServices;
using EdgeMl.Mcu.Mqtt.Topics;

namespace EdgeMl.Mcu.Mqtt.Client;

/// <summary>Checks of arguments that all implementations of the interfaces make.</summary>
internal static class ClientArguments
{
    public static void ThrowIfNoFilter(string filter, [CallerArgumentExpression(nameof(filter))] string? parameter = null)
    {
        if (!TopicFilter.IsValid(filter))
            throw new ArgumentException("A topic filter has 1 to 65,535 bytes in UTF-8, no U+0000, and wildcards only as whole levels.", parameter);
    }

    public static void ThrowIfNoFilters(IReadOnlyCollection<string> filters, [CallerArgumentExpression(nameof(filters))] string? parameter = null)
    {
        ArgumentNullException.ThrowIfNull(filters, parameter);
        if (filters.Count == 0)
            throw new ArgumentException("There is no topic filter.", parameter);
        foreach (string filter in filters)
            ThrowIfNoFilter(filter, parameter);
    }

    public static void ThrowIfExactlyOnce(QualityOfService quality, [CallerArgumentExpression(nameof(quality))] string? parameter = null)
    {
        if (quality is not (QualityOfService.AtMostOnce or QualityOfService.AtLeastOnce))
            throw new ArgumentOutOfRangeException(parameter, quality, "The client speaks QoS 0 and 1.");
    }
}
