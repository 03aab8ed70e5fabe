using EdgeMl.Mcu.Bench.WireProtocol;

namespace EdgeMl.Mcu.Bench.Link;

/// <summary>Which model a device runs on the link's behalf.</summary>
public enum LinkModelSource
{
    /// <summary>The one that was put by the link, in RAM.</summary>
    Link = 0,

    /// <summary>The one that the device's agent runs: its factory model, or what updates brought.</summary>
    Agent = 1,
}

/// <summary>Who a device is, and the limits of its link.</summary>
/// <param name="Board">Name of the board, as in <c>hardware/boards</c>.</param>
/// <param name="Firmware">Version of the application.</param>
/// <param name="Device">Device id; empty while the device is not configured.</param>
/// <param name="ProtocolVersion">Version of the link protocol.</param>
/// <param name="RuntimeAbi">Newest model ABI that its runtime reads.</param>
/// <param name="FrameBytes">Size of the largest frame.</param>
/// <param name="StartId">Another number at each start of the device.</param>
/// <param name="MemoryBytes">Bytes of the managed heap; null where the board cannot tell.</param>
/// <param name="ModelBytesMax">Longest model that the link takes.</param>
/// <param name="FileBytesMax">Longest file that the link takes.</param>
/// <param name="TimerStep">Step of the device's clock.</param>
/// <param name="HasFiles">Whether files can be put.</param>
/// <param name="CanReboot">Whether it can be restarted.</param>
/// <param name="HasFeed">Whether its sensor takes samples from the link.</param>
/// <param name="HasAgent">Whether an agent runs.</param>
/// <param name="Assemblies">The assemblies that it runs; none where the board cannot tell.</param>
public sealed record LinkIdentity(
    string Board,
    string Firmware,
    string Device,
    int ProtocolVersion,
    int RuntimeAbi,
    int FrameBytes,
    int StartId,
    int? MemoryBytes,
    int ModelBytesMax,
    int FileBytesMax,
    TimeSpan TimerStep,
    bool HasFiles,
    bool CanReboot,
    bool HasFeed,
    bool HasAgent,
    IReadOnlyList<BoardAssembly> Assemblies);

/// <summary>What a loaded model needs on the device.</summary>
/// <param name="Layers">Number of layers.</param>
/// <param name="Inputs">Number of inputs.</param>
/// <param name="Outputs">Number of outputs.</param>
/// <param name="InputBytes">Bytes of all inputs together.</param>
/// <param name="OutputBytes">Bytes of all outputs together.</param>
/// <param name="ArenaBytes">Bytes of the arena.</param>
/// <param name="ScratchBytes">Bytes of kernel scratch.</param>
/// <param name="PackedBytes">Bytes of packed weights.</param>
/// <param name="ResidentBytes">Bytes of the file that are in RAM.</param>
/// <param name="PageBytes">Bytes of the page of weights; 0 where the whole file is in RAM.</param>
public sealed record LinkModel(int Layers, int Inputs, int Outputs, int InputBytes, int OutputBytes, int ArenaBytes, int ScratchBytes, int PackedBytes, int ResidentBytes, int PageBytes);

/// <summary>One inference on the device.</summary>
/// <param name="Outputs">All outputs in the model's order, one after another.</param>
/// <param name="Microseconds">What it took by the device's clock, input and output apart.</param>
public sealed record LinkRun(byte[] Outputs, long Microseconds);

/// <summary>What a device has counted.</summary>
/// <param name="Microseconds">Time since its start.</param>
/// <param name="FreeMemoryBytes">Free bytes of the managed heap; null where the board cannot tell.</param>
/// <param name="LargestFreeBlockBytes">Largest free block; null where the board cannot tell.</param>
/// <param name="GarbageCollections">Collections since the start; null where the board cannot tell.</param>
/// <param name="Requests">Requests of the link that were carried out since the start, this one included.</param>
/// <param name="Repeats">Requests that came again and were answered again.</param>
/// <param name="DamagedFrames">What came over the line and was no frame.</param>
/// <param name="Agent">The agent's state; null where none runs.</param>
public sealed record LinkCounters(
    long Microseconds, int? FreeMemoryBytes, int? LargestFreeBlockBytes, int? GarbageCollections, int Requests, int Repeats, int DamagedFrames, LinkAgentState? Agent);
