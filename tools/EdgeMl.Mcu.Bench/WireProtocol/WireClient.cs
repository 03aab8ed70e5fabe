using System.Buffers.Binary;
using System.Text;

namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>The commands of a board's CLR, typed.</summary>
/// <param name="connection">An open connection; the caller keeps it.</param>
public sealed class WireClient(WireConnection connection)
{
    private const uint ClrSource = 0x00010000;
    private const uint NoError = 1;
    private const uint PermissionDenied = 0x10;
    private const uint PlatformError = 0x30;
    private const uint AppExitFlag = 0x4;
    private const uint CapabilityFlags = 1;
    private const uint CapabilityNatives = 8;
    private const uint CapabilityNativesCount = 9;
    private const uint SoftRebootFlag = 0x20;
    private const int NativeBytes = 4 + VersionBytes + 128;
    private const int WholeFileAttempts = 3;
    private const int VersionBytes = 8;
    private const int DescriptionBytes = 128;
    private const int NameBytes = 32;
    private const int MemoryHeadBytes = 8;
    private const int StorageHeadBytes = 16;
    private const uint StorageWrite = 1;
    private const uint StorageDelete = 2;
    private const uint StorageAppend = 3;

    // A sector of 128 KB of an STM32 at low voltage takes 2.6 s. An ESP32 erases its whole partition at once: sectors of 4 KB at 45 ms.
    private const double EraseSecondsPerMegabyte = 30;
    private static readonly TimeSpan EraseTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(8);

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
            VersionAt(info, VersionBytes), VersionAt(info, 0), source == ClrSource, _payloadMax)
        {
            ProgramHasEnded = (UInt(answer, 4) & AppExitFlag) != 0,
        };
    }

    /// <summary>Whether the CLR can restart without a reset of the processor, which would close a USB connection of its own.</summary>
    public bool CanRestartClr() => (UInt(Answer(WireCommand.QueryClrCapabilities, Word(CapabilityFlags), 4), 0) & SoftRebootFlag) != 0;

    /// <summary>The native parts that are built into the firmware.</summary>
    public IReadOnlyList<NativeAssembly> NativeAssemblies()
    {
        uint total = UInt(Answer(WireCommand.QueryClrCapabilities, Word(CapabilityNativesCount), 4), 0);
        uint page = (uint)(_payloadMax / NativeBytes);
        var natives = new List<NativeAssembly>();
        while (natives.Count < total)
        {
            uint count = Math.Min(page, total - (uint)natives.Count);
            byte[] answer = Answer(WireCommand.QueryClrCapabilities, Word(CapabilityNatives | ((uint)natives.Count << 16) | (count << 24)), NativeBytes);
            for (int at = 0; at + NativeBytes <= answer.Length; at += NativeBytes)
                natives.Add(new NativeAssembly(Text(answer, at + 4 + VersionBytes, NativeBytes - 4 - VersionBytes), VersionAt(answer, at + 4), UInt(answer, at)));
        }
        return natives;
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
    /// <remarks>The answer comes before the program has stopped: up to the end of its time slice.</remarks>
    public void Pause() => ChangeConditions(ClrStates.Stopped, 0);

    /// <summary>Lets the program go on.</summary>
    public void Resume() => ChangeConditions(0, ClrStates.Stopped);

    /// <summary>What the CLR is doing.</summary>
    public ClrStates States() => ChangeConditions(0, 0);

    /// <summary>Erases the sectors of a range.</summary>
    public void Erase(uint address, int length) =>
        Check(UInt(Answer(WireCommand.EraseMemory, Range(address, length), 4, EraseTimeout + TimeSpan.FromSeconds(EraseSecondsPerMegabyte * length / (1 << 20)), attempts: 2), 0), $"Erasing {length:N0} bytes at 0x{address:X8}");

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
    /// <remarks>The range must begin at a sector: an ESP32 takes the CRC from the begin of the sector, whatever the address.</remarks>
    public bool Holds(uint address, ReadOnlySpan<byte> data) =>
        UInt(Answer(WireCommand.CheckMemory, Range(address, data.Length), 4, CheckTimeout), 0) == WireCrc32.Compute(data);

    /// <summary>Writes a file to the board's file system.</summary>
    /// <param name="path">Path on the board, such as <c>I:\model.emlm</c>.</param>
    /// <param name="content">Content, not empty.</param>
    /// <param name="progress">Told the bytes of each packet written.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.NoFileSystem"/> where the firmware has none, <see cref="BenchErrorCodes.FlashFailed"/> where it is full or damaged.</exception>
    public void WriteFile(string path, ReadOnlyMemory<byte> content, Action<int>? progress)
    {
        byte[] name = Encoding.UTF8.GetBytes(path);
        for (int attempt = 1; ; attempt++)
        {
            int written = 0;
            try
            {
                WriteFileOnce(path, name, content, count => { written += count; progress?.Invoke(count); });
                return;
            }
            catch (BenchException e) when (e.Code == BenchErrorCodes.NoAnswer && attempt < WholeFileAttempts)
            {
                // Whether the last part was appended is unknown, and appended twice it would be wrong: from the begin.
                progress?.Invoke(-written);
            }
        }
    }

    /// <summary>Restarts. With <see cref="RebootOptions.WaitForDebugger"/> the CLR goes on when its ping is answered, or stays stopped where <see cref="WireConnection.HoldsAtStart"/> is set.</summary>
    public void Reboot(RebootOptions options) => connection.Request(WireCommand.Reboot, Word((uint)options));

    /// <summary>Restarts the CLR, which loads what was deployed.</summary>
    public void RebootClr() => Reboot(RebootOptions.ClrOnly);

    private void WriteFileOnce(string path, byte[] name, ReadOnlyMemory<byte> content, Action<int> progress)
    {
        try
        {
            // Some targets write over an existing file without cutting it; a file that is not there is no error here.
            byte[] deleted = connection.Request(WireCommand.StorageOperation, StorageHead(StorageDelete, name, 0, 0), WriteTimeout);
            if (deleted.Length >= 4 && UInt(deleted, 0) == PlatformError)
                throw NoFileSystem();
        }
        catch (BenchException e) when (e.Code == BenchErrorCodes.BoardRefused)
        {
            throw NoFileSystem();
        }
        int packetMax = _payloadMax - StorageHeadBytes - name.Length;
        for (int done = 0; done < content.Length;)
        {
            int count = Math.Min(packetMax, content.Length - done);
            byte[] payload = [.. StorageHead(done == 0 ? StorageWrite : StorageAppend, name, count, done), .. content.Span.Slice(done, count)];
            byte[] answer = connection.Request(WireCommand.StorageOperation, payload, WriteTimeout, attempts: 1);
            uint code = answer.Length < 4 ? 0 : UInt(answer, 0);
            if (code != NoError)
                throw new BenchException(BenchErrorCodes.FlashFailed, $"Writing {count:N0} bytes of {path} failed after {done:N0} of {content.Length:N0}: the board says 0x{code:X}.",
                    "Its file system is full, damaged, or not mounted under this drive. 'edgeml flash --clr' formats it anew.");
            done += count;
            progress(count);
        }
    }

    private BenchException NoFileSystem() => new(BenchErrorCodes.NoFileSystem, $"The firmware of the board on {connection.PortName} has no files that this tool may write.",
        "Send the model over the bench link: --link PORT. Or compile it into the application: edgeml compile.");

    private ClrStates ChangeConditions(ClrStates set, ClrStates reset) =>
        (ClrStates)UInt(Answer(WireCommand.ChangeConditions, [.. Word((uint)set), .. Word((uint)reset)], 4), 0);

    private byte[] Answer(WireCommand command, byte[] payload, int least, TimeSpan? timeout = null, int attempts = 3, CancellationToken cancellationToken = default)
    {
        byte[] answer = connection.Request(command, payload, timeout, attempts, cancellationToken);
        return answer.Length >= least ? answer
            : throw new BenchException(BenchErrorCodes.BoardRefused, $"The board on {connection.PortName} answered {command} with {answer.Length} bytes instead of {least}.", "Its firmware is of an unknown version.");
    }

    private static void Check(uint code, string what)
    {
        if (code != NoError)
            throw new BenchException(BenchErrorCodes.FlashFailed, $"{what} failed: the board says 0x{code:X}.",
                code == PermissionDenied ? "This flash is not for applications; the firmware's map of it is wrong." : "If it fails again at the same address, the flash is worn out or protected.");
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

    private static byte[] Range(uint address, int length) => [.. Word(address), .. Word((uint)length)];

    private static byte[] Word(uint value)
    {
        byte[] word = new byte[4];
        Put(word, 0, value);
        return word;
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
