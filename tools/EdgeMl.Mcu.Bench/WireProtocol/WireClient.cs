using System.Buffers.Binary;
using System.Text;

namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>The commands of a board's CLR, typed.</summary>
/// <param name="connection">An open connection; the caller keeps it.</param>
public sealed class WireClient(WireConnection connection)
{
    private const uint ClrSource = 0x00010000;
    private const uint NoError = 1;
    private const uint StoppedState = 0x80000000;
    private const int VersionBytes = 8;
    private const int DescriptionBytes = 128;
    private const int NameBytes = 32;
    private const int MemoryHeadBytes = 8;
    private const int StorageHeadBytes = 16;
    private const uint StorageWrite = 1;
    private const uint StorageDelete = 2;
    private const uint StorageAppend = 3;

    // The slowest sectors, 128 KB of an STM32 at low voltage, take 2.6 s; an ESP32 may erase a whole region.
    private static readonly TimeSpan EraseTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(8);

    private int _payloadMax = WirePacket.PayloadMax;

    /// <summary>Asks the board who it is.</summary>
    /// <param name="attempts">How often; a board that is just starting answers late.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public WireBoard Identify(int attempts = 5, CancellationToken cancellationToken = default)
    {
        byte[] answer = Answer(WireCommand.Ping, WireConnection.HostIdentity(), 8, TimeSpan.FromSeconds(1), attempts, cancellationToken);
        uint source = UInt(answer, 0);
        _payloadMax = (UInt(answer, 4) & 0x700) switch { 0x200 => 512, 0x300 => 256, 0x400 => 128, _ => 1024 };
        byte[] info = Answer(WireCommand.TargetInfo, [], (2 * VersionBytes) + (2 * DescriptionBytes) + (2 * NameBytes), cancellationToken: cancellationToken);
        int text = 2 * VersionBytes;
        return new WireBoard(
            Text(info, text + DescriptionBytes, NameBytes), Text(info, text + DescriptionBytes + NameBytes, NameBytes), Text(info, text, DescriptionBytes),
            VersionAt(info, VersionBytes), VersionAt(info, 0), source == ClrSource, _payloadMax);
    }

    /// <summary>The flash of the board, by use.</summary>
    public IReadOnlyList<FlashRange> FlashSectorMap()
    {
        byte[] answer = connection.Request(WireCommand.FlashSectorMap, []);
        return [.. Enumerable.Range(0, answer.Length / 16).Select(i => new FlashRange(UInt(answer, 16 * i), (int)UInt(answer, (16 * i) + 4), (int)UInt(answer, (16 * i) + 8), UInt(answer, (16 * i) + 12)))];
    }

    /// <summary>The assemblies that are loaded.</summary>
    public IReadOnlyList<BoardAssembly> Assemblies()
    {
        byte[] indices = connection.Request(WireCommand.Assemblies, []);
        var assemblies = new List<BoardAssembly>();
        for (int i = 0; i + 4 <= indices.Length; i += 4)
        {
            byte[] answer = Answer(WireCommand.ResolveAssembly, indices[i..(i + 4)], 4 + VersionBytes);
            assemblies.Add(new BoardAssembly(Text(answer, 4 + VersionBytes, answer.Length - 4 - VersionBytes), VersionAt(answer, 4)));
        }
        return assemblies;
    }

    /// <summary>Stops the program, so that its threads do not run from flash that is being written.</summary>
    public void Pause() => ChangeConditions(StoppedState, 0);

    /// <summary>Lets the program go on.</summary>
    public void Resume() => ChangeConditions(0, StoppedState);

    /// <summary>Erases the sectors of a range.</summary>
    public void Erase(uint address, int length) =>
        Check(UInt(Answer(WireCommand.EraseMemory, Range(address, length), 4, EraseTimeout), 0), $"Erasing {length:N0} bytes at 0x{address:X8}");

    /// <summary>Writes into erased flash.</summary>
    /// <param name="address">Where.</param>
    /// <param name="data">What; any length.</param>
    /// <param name="alignment">Bytes that the flash programs at a time; packets are cut at multiples of it.</param>
    /// <param name="progress">Told the bytes of each packet written.</param>
    public void Write(uint address, ReadOnlyMemory<byte> data, int alignment, Action<int>? progress)
    {
        int packetMax = (_payloadMax - MemoryHeadBytes) / alignment * alignment;
        for (int done = 0; done < data.Length;)
        {
            int count = Math.Min(packetMax, data.Length - done);
            byte[] payload = [.. Range(address + (uint)done, count), .. data.Span.Slice(done, count)];
            Check(UInt(Answer(WireCommand.WriteMemory, payload, 4, WriteTimeout), 0), $"Writing {count:N0} bytes at 0x{address + (uint)done:X8}");
            done += count;
            progress?.Invoke(count);
        }
    }

    /// <summary>Whether a range of flash holds these bytes, by their CRC-32.</summary>
    public bool Holds(uint address, ReadOnlySpan<byte> data) =>
        UInt(Answer(WireCommand.CheckMemory, Range(address, data.Length), 4, WriteTimeout), 0) == WireCrc32.Compute(data);

    /// <summary>Writes a file to the board's file system.</summary>
    /// <param name="path">Path on the board, such as <c>I:\model.emlm</c>.</param>
    /// <param name="content">Content, not empty.</param>
    /// <param name="progress">Told the bytes of each packet written.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.BoardRefused"/> where the firmware has no storage operations.</exception>
    public void WriteFile(string path, ReadOnlyMemory<byte> content, Action<int>? progress)
    {
        byte[] name = Encoding.UTF8.GetBytes(path);
        // Some targets write over an existing file without cutting it; a file that is not there is no error here.
        connection.Request(WireCommand.StorageOperation, StorageHead(StorageDelete, name, 0, 0), WriteTimeout);
        int packetMax = _payloadMax - StorageHeadBytes - name.Length;
        for (int done = 0; done < content.Length;)
        {
            int count = Math.Min(packetMax, content.Length - done);
            byte[] payload = [.. StorageHead(done == 0 ? StorageWrite : StorageAppend, name, count, done), .. content.Span.Slice(done, count)];
            // An append that is repeated would be written twice.
            byte[] answer = connection.Request(WireCommand.StorageOperation, payload, WriteTimeout, attempts: 1);
            Check(answer.Length < 4 ? 0 : UInt(answer, 0), $"Writing {count:N0} bytes of {path}");
            done += count;
            progress?.Invoke(count);
        }
    }

    /// <summary>Restarts the CLR, which loads what was deployed.</summary>
    public void RebootClr()
    {
        byte[] options = new byte[4];
        Put(options, 0, 2);
        connection.Request(WireCommand.Reboot, options);
    }

    private void ChangeConditions(uint set, uint reset)
    {
        byte[] payload = new byte[8];
        Put(payload, 0, set);
        Put(payload, 4, reset);
        Answer(WireCommand.ChangeConditions, payload, 4);
    }

    private byte[] Answer(WireCommand command, byte[] payload, int least, TimeSpan? timeout = null, int attempts = 3, CancellationToken cancellationToken = default)
    {
        byte[] answer = connection.Request(command, payload, timeout, attempts, cancellationToken);
        return answer.Length >= least ? answer
            : throw new BenchException(BenchErrorCodes.BoardRefused, $"The board on {connection.PortName} answered {command} with {answer.Length} bytes instead of {least}.", "Its firmware is of an unknown version.");
    }

    private static void Check(uint code, string what)
    {
        if (code != NoError)
            throw new BenchException(BenchErrorCodes.FlashFailed, $"{what} failed: the board says 0x{code:X}.", "Try again: deployment starts from the beginning.");
    }

    // Operation, length of the name, bytes of data, place of the data in the file; then the name without a terminator, as firmware of the 1.x line has it.
    private static byte[] StorageHead(uint operation, byte[] name, int count, int offset)
    {
        byte[] head = new byte[StorageHeadBytes + name.Length];
        Put(head, 0, operation);
        Put(head, 4, (uint)name.Length);
        Put(head, 8, (uint)count);
        Put(head, 12, (uint)offset);
        name.CopyTo(head, StorageHeadBytes);
        return head;
    }

    private static byte[] Range(uint address, int length)
    {
        byte[] range = new byte[8];
        Put(range, 0, address);
        Put(range, 4, (uint)length);
        return range;
    }

    private static Version VersionAt(byte[] data, int offset) =>
        new(BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(offset)), BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(offset + 2)),
            BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(offset + 4)), BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(offset + 6)));

    private static string Text(byte[] data, int offset, int count)
    {
        ReadOnlySpan<byte> bytes = data.AsSpan(offset, count);
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private static uint UInt(byte[] data, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(offset));

    private static void Put(byte[] data, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(offset), value);
}
