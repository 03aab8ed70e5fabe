namespace EdgeMl.Mcu.Bench;

/// <summary>A failure of a port or board, with a stable code of <see cref="BenchErrorCodes"/> and a hint.</summary>
public class BenchException(string code, string message, string? hint = null, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>One of <see cref="BenchErrorCodes"/>.</summary>
    public string Code { get; } = code;

    /// <summary>What to do about it, or null.</summary>
    public string? Hint { get; } = hint;
}
