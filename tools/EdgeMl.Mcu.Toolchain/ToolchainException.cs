namespace EdgeMl.Mcu.Toolchain;

/// <summary>
/// The one exception of the host libraries: something about the input, not about the program, is wrong.
/// </summary>
/// <remarks>
/// The message names what was found and what was expected, with numbers, in one line: control characters, which names in a damaged file can have, become '?'. <see cref="Code"/> is stable and meant for scripts;
/// every code stands in <see cref="ErrorCodes"/>. <see cref="Hint"/> says what to do about it.
/// </remarks>
public sealed class ToolchainException : Exception
{
    /// <summary>Creates an error with a code of <see cref="ErrorCodes"/>, a message and a hint.</summary>
    public ToolchainException(string code, string message, string? hint = null, Exception? innerException = null)
        : base(OneLine(message), innerException)
    {
        Code = code;
        Hint = hint;
    }

    /// <summary>Stable identifier such as <c>import.unsupported-operator</c>.</summary>
    public string Code { get; }

    /// <summary>What the user can do, or null where there is nothing to add.</summary>
    public string? Hint { get; }

    private static string OneLine(string message) =>
        message.Any(char.IsControl) ? string.Concat(message.Select(c => char.IsControl(c) ? '?' : c)) : message;
}
