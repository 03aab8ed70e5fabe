using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Models;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Bench.Flash;
using EdgeMl.Mcu.Bench.WireProtocol;
using EdgeMl.Mcu.Link.Ports;
using EdgeMl.Mcu.Link.Server;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Bench.Devices.Boards;

/// <summary>What a virtual board tells its link server, from one start to the next.</summary>
/// <param name="options">The board.</param>
/// <param name="wire">Its CLR, with its files.</param>
/// <param name="flash">The agent's storage.</param>
/// <param name="meter">Counts what models execute and take; null where nothing can.</param>
/// <param name="startId">Number of the start.</param>
internal sealed class VirtualLinkBoard(VirtualBenchBoardOptions options, VirtualSerialBoard wire, SimulatedFiles flash, WorkMeter? meter, int startId) : LinkBoard
{
    private readonly CountedClock _clock = new();
    private int _collections;
    private (Interpreter? Interpreter, byte[]? File) _agents;

    /// <summary>The server that asks.</summary>
    public LinkServer? Server { get; set; }

    /// <summary>Device id of the configuration.</summary>
    public string DeviceId { get; set; } = "";

    /// <summary>The factory model; null where there is none.</summary>
    public byte[]? FactoryModel { get; set; }

    /// <summary>Whether the device is to restart.</summary>
    public bool IsRebooting { get; private set; }

    /// <inheritdoc/>
    public override string Board => options.Board;

    /// <inheritdoc/>
    public override string Firmware => options.Firmware;

    /// <inheritdoc/>
    public override string Device => DeviceId;

    /// <inheritdoc/>
    public override int StartId => startId;

    /// <inheritdoc/>
    public override long Microseconds => _clock.Microseconds;

    /// <inheritdoc/>
    public override int TimerStepNanoseconds => 1_000;

    /// <inheritdoc/>
    public override int TotalMemoryBytes => options.HeapBytes;

    /// <inheritdoc/>
    public override int FreeMemoryBytes => meter is null ? Unknown : (int)Math.Max(0, options.HeapBytes - meter.BytesOf(Server!.ModelFile) - meter.BytesOf(AgentsFile()));

    /// <inheritdoc/>
    public override int LargestFreeBlockBytes => Unknown;

    /// <inheritdoc/>
    public override int GarbageCollections => _collections;

    /// <inheritdoc/>
    public override LinkFiles Files { get; } = new VirtualBoardFiles(wire);

    /// <inheritdoc/>
    public override bool CanReboot => true;

    /// <inheritdoc/>
    public override int AssemblyCount => wire.Loaded.Count;

    /// <inheritdoc/>
    public override string AssemblyName(int index) => wire.Loaded[index].Name;

    /// <inheritdoc/>
    public override int AssemblyVersion(int index, int part)
    {
        Version version = wire.Loaded[index].Version;
        return part switch { 0 => version.Major, 1 => version.Minor, 2 => version.Build, _ => version.Revision };
    }

    /// <inheritdoc/>
    public override void CollectGarbage() => _collections++;

    /// <inheritdoc/>
    public override void Reboot() => IsRebooting = true;

    /// <inheritdoc/>
    public override void OnTiming(Interpreter interpreter, bool byLayer)
    {
        byte[]? file = Server!.IsAgentsModelSelected ? AgentsFile() : Server.ModelFile;
        if (meter is null || file is null || meter.WorkOf(file, InputsOf(interpreter)) is not { } work)
            return;
        _clock.Count((byLayer ? work.Layers : [work.Total]).Select(weighted => weighted * options.NanosecondsPerIl / 1000));
    }

    private static byte[][] InputsOf(Interpreter interpreter) =>
        [.. Enumerable.Range(0, interpreter.Model.InputCount).Select(interpreter.Model.Input).Select(input => Array.ConvertAll(interpreter.Arena[input.ArenaOffset..(input.ArenaOffset + input.ByteCount)], value => (byte)value))];

    private byte[]? AgentsFile()
    {
        if (Server!.Agent is not { Interpreter: { } interpreter } agent)
            return null;
        if (_agents.Interpreter != interpreter)
            _agents = (interpreter, agent.Local == LocalModel.Factory ? FactoryModel : SlotFile(agent));
        return _agents.File;
    }

    private byte[]? SlotFile(DeviceAgent agent)
    {
        int file = agent.Running switch { Slot.A => StoreFile.ModelA, Slot.B => StoreFile.ModelB, _ => -1 };
        if (file < 0 || flash.Length(file) < 0)
            return null;
        byte[] bytes = new byte[flash.Length(file)];
        return flash.Open(file) && flash.Read(file, 0, bytes, 0, bytes.Length) ? bytes : null;
    }
}
