using EdgeMl.Mcu.Toolchain;

namespace EdgeMl.Mcu.Cli;

/// <summary>A failure as the user sees it.</summary>
/// <param name="ExitCode">What the process returns.</param>
/// <param name="Code">Stable code for scripts.</param>
/// <param name="Message">One line.</param>
/// <param name="Hint">What to do about it, or null.</param>
internal sealed record Failure(int ExitCode, string Code, string Message, string? Hint)
{
    /// <summary>A bug in the tool.</summary>
    /// <remarks>Please report it with the command line; <c>EDGEML_TRACE=1</c> shows where it happened.</remarks>
    internal const string InternalCode = "internal";

    /// <summary>Ctrl-C; no file was changed half-way.</summary>
    /// <remarks>Run the command again.</remarks>
    internal const string InterruptedCode = "interrupted";

    /// <summary>Wrong use of the command line.</summary>
    /// <remarks>See <c>--help</c> of the verb.</remarks>
    internal const string UsageCode = "usage";

    /// <summary>The failure that an exception means.</summary>
    public static Failure Of(Exception exception) => exception switch
    {
        _ when ErrorSource.Of(exception) is { } error => new(error.ExitCode, error.Code, OneLine(exception.Message), error.Hint),
        UsageException e => Usage(e.Message, e.Hint),
        OperationCanceledException => new(ExitCodes.Interrupted, InterruptedCode, "Interrupted; no file was changed half-way.", null),
        IOException or UnauthorizedAccessException => new(ExitCodes.Failed, ErrorCodes.FileUnreadable, OneLine(exception.Message), null),
        AggregateException { InnerExceptions: [var inner] } => Of(inner),
        OutOfMemoryException => new(ExitCodes.Failed, InternalCode, "There is not enough memory.", "Give fewer samples at a time."),
        _ => new(ExitCodes.Failed, InternalCode, OneLine($"Internal error: {exception.GetType().Name}: {exception.Message}"),
            "This is a bug: please report it with the command line and, if possible, the model. EDGEML_TRACE=1 shows where it happened."),
    };

    /// <summary>Wrong use of the command line.</summary>
    public static Failure Usage(string message, string? hint) => new(ExitCodes.Usage, UsageCode, OneLine(message), hint);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
