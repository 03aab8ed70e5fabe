namespace EdgeMl.Mcu.Cli;

/// <summary>Options that cannot be meant together, or that say nothing; found after parsing.</summary>
internal sealed class UsageException(string message, string? hint = null) : Exception(message)
{
    /// <summary>What the user can do.</summary>
    public string? Hint { get; } = hint;
}
