namespace EdgeMl.Mcu.Bench.Link;

/// <summary>Flags of a run, as on the wire.</summary>
internal static class LinkRunFlags
{
    /// <summary>Recurrent layers remember the last run.</summary>
    public const byte KeepState = 1;

    /// <summary>Each layer is timed.</summary>
    public const byte ByLayer = 2;

    /// <summary>The answer carries no outputs.</summary>
    public const byte WithoutOutputs = 4;
}
