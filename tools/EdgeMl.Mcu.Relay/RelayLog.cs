using Microsoft.Extensions.Logging;

namespace EdgeMl.Mcu.Relay;

/// <summary>Log messages of the relay as a whole. No message has a secret.</summary>
internal static partial class RelayLog
{
    [LoggerMessage(LogLevel.Critical, "A part of the relay has failed")]
    public static partial void PartFailed(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "Rollouts wait: {Reason}")]
    public static partial void RolloutsWait(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "The relay of fleet {Fleet} listens at {Http}; devices connect to {Broker}")]
    public static partial void Started(ILogger logger, string fleet, string http, string broker);

    [LoggerMessage(LogLevel.Information, "{Method} {Path} by {Actor}: {Status} in {Milliseconds} ms")]
    public static partial void Request(ILogger logger, string method, string path, string actor, int status, long milliseconds);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(ILogger logger, Exception exception, string method, string path);
}
