namespace EdgeMl.Mcu.Relay;

/// <summary>A failure of the relay, or of a request to one, with a stable code of <see cref="RelayErrorCodes"/> and, where there is one, a hint.</summary>
public class RelayException(string code, string message, string? hint = null, int statusCode = 400, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>One of <see cref="RelayErrorCodes"/>.</summary>
    public string Code { get; } = code;

    /// <summary>What to do about it, or null.</summary>
    public string? Hint { get; } = hint;

    /// <summary>The status of the HTTP answer, 400 to 599; 0 where no relay answered.</summary>
    public int StatusCode { get; } = statusCode;

    /// <summary>Whether no relay answered, as against one that refused.</summary>
    public bool IsUnreachable => StatusCode == 0;
}
