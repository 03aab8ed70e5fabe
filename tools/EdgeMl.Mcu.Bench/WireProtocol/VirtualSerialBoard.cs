using System.Buffers.Binary;
using System.Text;
using EdgeMl.Mcu.Bench.Serial;

namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>A board without hardware: answers the Wire Protocol at the other end of a serial line, as nanoCLR does, with flash that must be erased before it is written.</summary>
/// <remarks>It starts, waits, loads and refuses by the rules of the CLR, and executes nothing.</remarks>
public sealed class VirtualSerialBoard : IDisposable
{
    private const uint ClrSource = 0x00010000;
    private const uint BooterSource = 0x00010001;
    private const uint StopFlag = 0x1;
    private const uint AppExitFlag = 0x4;
    private const uint ChecksumsAndPacketsOf1024 = 0x110;
    private const uint IncrementalDeploymentAndSoftReboot = 0x30;
    private const uint DeploymentUsage = 0x50;
    private const uint CodeUsage = 0x20;
    private const uint MemoryMapped = 0x100;
    private const int NativeNameBytes = 128;
    private const ClrStates ProgramMask = ClrStates.ResolutionFailed | ClrStates.ProgramRunning | ClrStates.ProgramExited;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);

    private readonly SerialPort _port;
    private readonly Thread _thread;
    private readonly VirtualSerialFlash _flash;
    private readonly Dictionary<string, byte[]> _files = [];
    private readonly Lock _state = new();
    private readonly Lock _sending = new();
    private volatile bool _closed;
    private volatile bool _isOff;
    private ushort _sequence;
    private int _starts;
    private ClrStates _states = ClrStates.ProgramExited;
    private List<NanoAssemblyFile> _loaded = [];

    /// <summary>Starts to answer.</summary>
    /// <param name="port">The board's end of the line; closed with the board.</param>
    /// <param name="name">Target, as boards name themselves.</param>
    /// <param name="platform">Platform.</param>
    /// <param name="sectors">Number of deployment sectors; an ESP32 has one that is the whole partition.</param>
    /// <param name="sectorBytes">Bytes of one.</param>
    public VirtualSerialBoard(SerialPort port, string name = "ESP32_REV3", string platform = "ESP32", int sectors = 64, int sectorBytes = 4096)
    {
        _port = port;
        Name = name;
        Platform = platform;
        SectorBytes = sectorBytes;
        _flash = new VirtualSerialFlash(FlashAddress, sectors, sectorBytes);
        _thread = new Thread(Serve) { IsBackground = true, Name = $"Virtual board on {port.Name}" };
        _thread.Start();
    }

    /// <summary>The CLR begins to run the program that it has loaded; called from any thread.</summary>
    public event Action? ProgramStarted;

    /// <summary>The CLR restarts or loses its power: the program is over before this returns. Called from any thread.</summary>
    public event Action? ProgramStopped;

    /// <summary>Address of the deployment region.</summary>
    public static uint FlashAddress => 0x00110000;

    /// <summary>Target.</summary>
    public string Name { get; }

    /// <summary>Platform.</summary>
    public string Platform { get; }

    /// <summary>Bytes of a sector.</summary>
    public int SectorBytes { get; }

    /// <summary>Whether the firmware has a file system.</summary>
    public bool HasFiles { get; init; } = true;

    /// <summary>Address whose bytes cannot be programmed, as in worn-out flash; null for none.</summary>
    public uint? WornAddress { get; init; }

    /// <summary>The native parts of the firmware. An assembly of one of these names is loaded only with the same checksum.</summary>
    public IReadOnlyList<NativeAssembly> Natives { get; init; } = [];

    /// <summary>Whether the CLR refuses every assembly.</summary>
    public bool LoadsNothing { get; init; }

    /// <summary>Whether the firmware has a program of its own, which runs without a deployment.</summary>
    public bool HasBuiltInProgram { get; init; }

    /// <summary>Whether the loader answers in place of the CLR.</summary>
    public bool IsInBooter { get; init; }

    /// <summary>Version of the CLR.</summary>
    public Version ClrVersion { get; init; } = new(1, 17, 0, 0);

    /// <summary>What the CLR is doing.</summary>
    public ClrStates States
    {
        get
        {
            lock (_state)
                return _states;
        }
    }

    /// <summary>How often the CLR was restarted.</summary>
    public int Starts
    {
        get
        {
            lock (_state)
                return _starts;
        }
    }

    /// <summary>Assemblies that were loaded at the last start.</summary>
    public IReadOnlyList<NanoAssemblyFile> Loaded
    {
        get
        {
            lock (_state)
                return _loaded;
        }
    }

    /// <summary>A file of the board, or null.</summary>
    public byte[]? FileAt(string path)
    {
        lock (_state)
            return _files.GetValueOrDefault(path);
    }

    /// <summary>Stores a file, as the program would; null removes it.</summary>
    public void Store(string path, byte[]? content)
    {
        lock (_state)
        {
            if (content is null)
                _files.Remove(path);
            else
                _files[path] = content;
        }
    }

    /// <summary>Takes the power away: the board hears and says nothing. Deployment and files stay.</summary>
    public void SwitchOff()
    {
        _isOff = true;
        ProgramStopped?.Invoke();
        lock (_state)
            (_loaded, _states) = ([], ClrStates.ProgramExited);
    }

    /// <summary>Gives the power back: the CLR starts and loads what is deployed.</summary>
    public void SwitchOn()
    {
        _isOff = false;
        Restart();
    }

    /// <summary>Restarts the CLR, as its program can.</summary>
    public void Restart()
    {
        Restart(default);
        Continue();
    }

    /// <summary>Writes debug output, as the program would.</summary>
    public void Print(string text) => Send(new WirePacket(WireCommand.Message, ++_sequence, 0, WireBits.NonCritical, Encoding.UTF8.GetBytes(text)));

    /// <summary>Ends the program, as if its Main had returned.</summary>
    public void EndProgram()
    {
        lock (_state)
            _states = (_states & ~ProgramMask) | ClrStates.ProgramExited;
        Send(new WirePacket(WireCommand.ProgramExit, ++_sequence, 0, WireBits.NonCritical, []));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_closed)
            return;
        _closed = true;
        _thread.Join();
        _port.Dispose();
    }

    private void Serve()
    {
        var reader = new WireReader();
        byte[] buffer = new byte[2048];
        try
        {
            while (!_closed)
            {
                int count = _port.Read(buffer, Slice);
                foreach (WirePacket packet in reader.Take(buffer.AsSpan(0, _isOff ? 0 : count)))
                    Take(packet);
            }
        }
        catch (BenchException)
        {
            // The line is cut: nobody is left to tell.
        }
    }

    private void Take(WirePacket packet)
    {
        if (packet.Command == WireCommand.Ping && !packet.Flags.HasFlag(WireBits.NegativeAcknowledge))
            Meet((UInt(packet.Payload, 4) & StopFlag) != 0);
        if (!packet.Flags.HasFlag(WireBits.Reply))
            Answer(packet);
        Continue();
    }

    private void Answer(WirePacket request)
    {
        byte[]? answer;
        lock (_state)
            answer = Execute(request);
        WireBits flags = WireBits.Reply | WireBits.NonCritical | (answer is null ? WireBits.NegativeAcknowledge : WireBits.Acknowledge);
        Send(new WirePacket(request.Command, ++_sequence, request.Sequence, flags, answer ?? []));
        if (request.Command == WireCommand.Reboot)
            Restart((RebootOptions)UInt(request.Payload, 0));
    }

    private byte[]? Execute(WirePacket request) => request.Command switch
    {
        WireCommand.Ping => Words(IsInBooter ? BooterSource : ClrSource, ChecksumsAndPacketsOf1024 | (_states.HasFlag(ClrStates.ProgramExited) ? AppExitFlag : 0)),
        WireCommand.TargetInfo => TargetInfo(),
        WireCommand.FlashSectorMap =>
            [.. Words(0x00010000, 1, 0x100000, CodeUsage), .. Words(FlashAddress, (uint)(_flash.Length / SectorBytes), (uint)SectorBytes, DeploymentUsage | (SectorBytes == _flash.Length ? MemoryMapped : 0))],
        WireCommand.ChangeConditions => Words((uint)(_states = (_states | (ClrStates)UInt(request.Payload, 0)) & ~(ClrStates)UInt(request.Payload, 4))),
        WireCommand.EraseMemory => Words(_flash.Erase(UInt(request.Payload, 0), UInt(request.Payload, 4))),
        WireCommand.WriteMemory => Words(_flash.Write(UInt(request.Payload, 0), request.Payload.AsSpan(8), WornAddress)),
        WireCommand.CheckMemory => _flash.Check(UInt(request.Payload, 0), UInt(request.Payload, 4)) is uint crc ? Words(crc) : null,
        WireCommand.StorageOperation => HasFiles ? Words(Store(request.Payload)) : null,
        WireCommand.QueryClrCapabilities => Capabilities(UInt(request.Payload, 0)),
        WireCommand.Assemblies => [.. Enumerable.Range(1, _loaded.Count).SelectMany(i => Words((uint)i << 16))],
        WireCommand.ResolveAssembly => Assembly((int)(UInt(request.Payload, 0) >> 16) - 1),
        WireCommand.Reboot => [],
        _ => null,
    };

    // Somebody is there: the CLR that waits for that goes on, or stays stopped if told so.
    private void Meet(bool stop)
    {
        lock (_state)
        {
            _states |= ClrStates.Connected;
            if ((_states & ProgramMask) == 0)
                _states = stop ? _states | ClrStates.Stopped : _states & ~ClrStates.Stopped;
        }
    }

    private void Restart(RebootOptions options)
    {
        ProgramStopped?.Invoke();
        lock (_state)
        {
            _starts++;
            _loaded = [];
            _states = options.HasFlag(RebootOptions.ClrOnly | RebootOptions.WaitForDebugger) ? ClrStates.Stopped : ClrStates.Initialize;
        }
        Send(new WirePacket(WireCommand.Ping, ++_sequence, 0, WireBits.NoCaching | WireBits.NonCritical, []));
    }

    // Loads the application where the CLR has started and is not held.
    private void Continue()
    {
        var words = new List<string>();
        if (_isOff)
            return;
        lock (_state)
        {
            if ((_states & (ProgramMask | ClrStates.Stopped)) != 0)
                return;
            _loaded = LoadsNothing ? [] : [.. _flash.Assemblies().Where(file => !Natives.Any(native => native.Name == file.Name && native.Checksum != file.NativeChecksum))];
            words.AddRange(_loaded.SelectMany(file => file.References.Where(reference => !_loaded.Any(other => other.Name == reference.Name)).Select(reference => $"Assembly: {file.Name} needs assembly '{reference.Name}'")));
            bool starts = words.Count == 0 && (HasBuiltInProgram || _loaded.Any(file => file.HasEntryPoint));
            if (words.Count > 0)
                words.Add("Error: 7c000000");
            _states |= starts ? ClrStates.ProgramRunning : ClrStates.ProgramExited;
        }
        foreach (string line in words)
            Print(line + "\r\n");
        if (States.HasFlag(ClrStates.ProgramRunning))
            ProgramStarted?.Invoke();
        else
            Send(new WirePacket(WireCommand.ProgramExit, ++_sequence, 0, WireBits.NonCritical, []));
    }

    private byte[]? Capabilities(uint what)
    {
        switch (what & 0xFF)
        {
            case 1:
                return Words(IncrementalDeploymentAndSoftReboot);
            case 8:
                return [.. Natives.Skip((int)(what >> 16) & 0xFF).Take((int)(what >> 24)).SelectMany(Native)];
            case 9:
                return Words((uint)Natives.Count);
            default:
                return null;
        }
    }

    private static byte[] Native(NativeAssembly native)
    {
        byte[] bytes = new byte[12 + NativeNameBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, native.Checksum);
        PutVersion(bytes, 4, native.Version);
        Encoding.UTF8.GetBytes(native.Name).CopyTo(bytes, 12);
        return bytes;
    }

    private uint Store(byte[] payload)
    {
        int nameLength = (int)UInt(payload, 4);
        string name = Encoding.UTF8.GetString(payload, 16, nameLength);
        byte[] data = payload[(16 + nameLength)..];
        switch (UInt(payload, 0))
        {
            case 1:
                _files[name] = data;
                return 1;
            case 2:
                return _files.Remove(name) ? 1u : 0x20;
            case 3 when _files.TryGetValue(name, out byte[]? old) && old.Length == UInt(payload, 12):
                _files[name] = [.. old, .. data];
                return 1;
            default:
                return 0x10;
        }
    }

    private byte[]? Assembly(int index)
    {
        if (index < 0 || index >= _loaded.Count)
            return null;
        byte[] answer = new byte[4 + 8 + 512];
        PutVersion(answer, 4, _loaded[index].Version);
        Encoding.UTF8.GetBytes(_loaded[index].Name).CopyTo(answer, 12);
        return answer;
    }

    private byte[] TargetInfo()
    {
        byte[] info = new byte[16 + 128 + 32 + 32 + 128];
        PutVersion(info, 0, new Version(1, 17, 0, 0));
        PutVersion(info, 8, ClrVersion);
        Encoding.UTF8.GetBytes("virtual board").CopyTo(info, 16);
        Encoding.UTF8.GetBytes(Name).CopyTo(info, 144);
        Encoding.UTF8.GetBytes(Platform).CopyTo(info, 176);
        return info;
    }

    private void Send(WirePacket packet)
    {
        if (_isOff)
            return;
        lock (_sending)
            _port.Write(packet.ToBytes(), WireConnection.DefaultTimeout);
    }

    private static void PutVersion(byte[] bytes, int offset, Version version)
    {
        int[] parts = [version.Major, version.Minor, version.Build, version.Revision];
        for (int i = 0; i < parts.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(offset + (2 * i)), (ushort)Math.Max(parts[i], 0));
    }

    private static uint UInt(byte[] bytes, int offset) => offset + 4 <= bytes.Length ? BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset)) : 0;

    private static byte[] Words(params uint[] values)
    {
        byte[] bytes = new byte[4 * values.Length];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), values[i]);
        return bytes;
    }
}
