namespace EdgeMl.Mcu.Ota;

/// <summary>A failure of manifests, keys or deltas, with a stable code and, where there is one, a hint.</summary>
public sealed class OtaException(string code, string message, string? hint = null, Exception? innerException = null)
    : Exception(string.Concat(message.Select(c => char.IsControl(c) ? '?' : c)), innerException)
{
    /// <summary>One of <see cref="OtaErrorCodes"/>.</summary>
    public string Code { get; } = code;

    /// <summary>What to do about it, or null.</summary>
    public string? Hint { get; } = hint;
}
