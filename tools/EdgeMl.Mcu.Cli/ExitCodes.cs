namespace EdgeMl.Mcu.Cli;

/// <summary>What the process returns. Scripts rely on these numbers.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>An unreadable or corrupt file, an unsupported operator, an internal error.</summary>
    public const int Failed = 1;

    /// <summary>Wrong use of the command line.</summary>
    public const int Usage = 2;

    /// <summary>A device, port, relay or broker is unreachable.</summary>
    public const int Unreachable = 3;

    /// <summary>Does not fit, does not verify, refused.</summary>
    public const int Refused = 4;

    /// <summary>Ctrl-C.</summary>
    public const int Interrupted = 130;
}
