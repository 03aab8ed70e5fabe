using System.Buffers.Binary;
using System.Text;
using EdgeMl.Mcu.Bench.Serial;

namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>A board without hardware: answers the Wire Protocol at the other end of a serial line, as nanoCLR does, with flash that must be erased before it is written.</summary>
public sealed class VirtualSerialBoard : IDisposable
{
    private const uint ClrSource = 0x00010000;
    private const uint HasBooter = 0x00080000;
    private const uint ChecksumsOn = 0x10;
    private const uint NoError = 1;
    private const uint Failed = 0x30;
    private const uint Denied = 0x10;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);

    private readonly SerialPort _port;
    private readonly Thread _thread;
    private readonly byte[] _flash;
    private readonly Dictionary<string, byte[]> _files = [];
    private readonly Lock _state = new();
    private volatile bool _closed;
    private ushort _sequence;
    private List<NanoAssemblyFile> _loaded = [];

    /// <summary>Starts to answer.</summary>
    /// <param name="port">The board's end of the line; closed with the board.</param>
    /// <param name="name">Target, as boards name themselves.</param>
    /// <param name="platform">Platform.</param>
    /// <param name="sectors">Number of deployment sectors.</param>
    /// <param name="sectorBytes">Bytes of one.</param>
    public VirtualSerialBoard(SerialPort port, string name = "ESP32_REV3", string platform = "ESP32", int sectors = 64, int sectorBytes = 4096)
    {
        _port = port;
        Name = name;
        Platform = platform;
        SectorBytes = sectorBytes;
        _flash = new byte[sectors * sectorBytes];
        _flash.AsSpan().Fill(0xFF);
        _thread = new Thread(Serve) { IsBackground = true, Name = $"Virtual board on {port.Name}" };
        _thread.Start();
    }

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

    /// <summary>Whether the CLR refuses every assembly, as it does where the native part is missing.</summary>
    public bool LoadsNothing { get; init; }

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

    /// <summary>Writes debug output, as the program would.</summary>
    public void Print(string text) => Send(new WirePacket(WireCommand.Message, ++_sequence, 0, WireBits.NonCritical, Encoding.UTF8.GetBytes(text)));

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
                foreach (WirePacket packet in reader.Take(buffer.AsSpan(0, count)).Where(packet => !packet.Flags.HasFlag(WireBits.Reply)))
                    Answer(packet);
            }
        }
        catch (BenchException)
        {
            // The line is cut: nobody is left to tell.
        }
    }

    private void Answer(WirePacket request)
    {
        byte[]? answer;
        lock (_state)
            answer = Execute(request);
        WireBits flags = WireBits.Reply | WireBits.NonCritical | (answer is null ? WireBits.NegativeAcknowledge : WireBits.Acknowledge);
        Send(new WirePacket(request.Command, ++_sequence, request.Sequence, flags, answer ?? []));
        if (request.Command == WireCommand.Reboot)
            Start();
    }

    private byte[]? Execute(WirePacket request) => request.Command switch
    {
        WireCommand.Ping => Words(ClrSource, HasBooter | ChecksumsOn | 0x100),
        WireCommand.TargetInfo => TargetInfo(),
        WireCommand.FlashSectorMap => [.. Words(0x00010000, 256, 4096, 0x120), .. Words(FlashAddress, (uint)(_flash.Length / SectorBytes), (uint)SectorBytes, 0x150)],
        WireCommand.ChangeConditions => Words(UInt(request.Payload, 0)),
        WireCommand.EraseMemory => Words(Erase(UInt(request.Payload, 0), UInt(request.Payload, 4))),
        WireCommand.WriteMemory => Words(Write(UInt(request.Payload, 0), request.Payload.AsSpan(8))),
        WireCommand.CheckMemory => TryRange(UInt(request.Payload, 0), UInt(request.Payload, 4), out int start, out int length) ? Words(WireCrc32.Compute(_flash.AsSpan(start, length))) : null,
        WireCommand.StorageOperation => HasFiles ? Words(Store(request.Payload)) : null,
        WireCommand.Assemblies => [.. Enumerable.Range(1, _loaded.Count).SelectMany(i => Words((uint)i << 16))],
        WireCommand.ResolveAssembly => Assembly((int)(UInt(request.Payload, 0) >> 16) - 1),
        WireCommand.Reboot => [],
        _ => null,
    };

    private void Start()
    {
        lock (_state)
        {
            var found = new List<NanoAssemblyFile>();
            for (int offset = 0; !LoadsNothing && NanoAssemblyFile.TryRead(_flash.AsSpan(offset), out NanoAssemblyFile? assembly); offset += assembly.Bytes.Length)
                found.Add(assembly);
            _loaded = found;
        }
        Send(new WirePacket(WireCommand.Ping, ++_sequence, 0, WireBits.None, Words(ClrSource, 0)));
    }

    private uint Erase(uint address, uint length)
    {
        if (!TryRange(address, length, out int start, out int count) || start % SectorBytes != 0)
            return Denied;
        int end = (start + count + SectorBytes - 1) / SectorBytes * SectorBytes;
        _flash.AsSpan(start, end - start).Fill(0xFF);
        return NoError;
    }

    // Programming clears bits: what was not erased becomes the conjunction, and the check finds it.
    private uint Write(uint address, ReadOnlySpan<byte> data)
    {
        if (!TryRange(address, (uint)data.Length, out int start, out _))
            return Denied;
        for (int i = 0; i < data.Length; i++)
        {
            if (address + i == WornAddress)
                return Failed;
            _flash[start + i] &= data[i];
        }
        return NoError;
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
                return NoError;
            case 2:
                return _files.Remove(name) ? NoError : 0x20;
            case 3 when _files.TryGetValue(name, out byte[]? old) && old.Length == UInt(payload, 12):
                _files[name] = [.. old, .. data];
                return NoError;
            default:
                return Denied;
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
        PutVersion(info, 8, new Version(1, 17, 0, 0));
        Encoding.UTF8.GetBytes("virtual board").CopyTo(info, 16);
        Encoding.UTF8.GetBytes(Name).CopyTo(info, 144);
        Encoding.UTF8.GetBytes(Platform).CopyTo(info, 176);
        return info;
    }

    private bool TryRange(uint address, uint length, out int start, out int count)
    {
        start = (int)((long)address - FlashAddress);
        count = (int)length;
        return address >= FlashAddress && (long)start + length <= _flash.Length;
    }

    private void Send(WirePacket packet) => _port.Write(packet.ToBytes(), WireConnection.DefaultTimeout);

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
