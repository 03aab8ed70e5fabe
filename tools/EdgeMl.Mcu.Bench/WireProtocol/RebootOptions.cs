namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>What a restart does.</summary>
[Flags]
public enum RebootOptions : uint
{
    /// <summary>Resets the processor.</summary>
    Normal = 0,

    /// <summary>Restarts the CLR alone; the connection stays.</summary>
    ClrOnly = 2,

    /// <summary>The CLR waits for this side before it loads the application: up to the answer to its ping.</summary>
    WaitForDebugger = 4,
}
