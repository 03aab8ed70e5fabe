namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>States of the CLR's execution engine. Without one of the three of the program it is starting.</summary>
[Flags]
public enum ClrStates : uint
{
    /// <summary>The CLR is starting.</summary>
    Initialize = 0,

    /// <summary>A reference between the deployed assemblies could not be resolved.</summary>
    ResolutionFailed = 0x00000001,

    /// <summary>The program has started.</summary>
    ProgramRunning = 0x00000400,

    /// <summary>The program has ended, or there was none to start.</summary>
    ProgramExited = 0x00000800,

    /// <summary>A restart was asked for and has not happened yet.</summary>
    RebootPending = 0x20000000,

    /// <summary>The CLR knows that somebody listens, and sends its output in packets.</summary>
    Connected = 0x40000000,

    /// <summary>The CLR executes nothing and waits for commands.</summary>
    Stopped = 0x80000000,
}
