using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Agent.Updates;
using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Bench.WireProtocol;
using EdgeMl.Mcu.Link;
using EdgeMl.Mcu.Link.Framing;
using EdgeMl.Mcu.Link.Server;

namespace EdgeMl.Mcu.Bench.Link;

/// <summary>
/// The host's side of the bench link (docs/link.md). Requests are repeated until they are answered, and the port is opened again where it was lost. Blocks the calling thread; used by one thread at a time.
/// </summary>
/// <remarks>All members throw <see cref="LinkException"/> with a code of <see cref="LinkErrorCodes"/>, or <see cref="BenchException"/> for the port, and <see cref="OperationCanceledException"/>.</remarks>
public sealed class LinkClient : IDisposable
{
    private const int RestartsMax = 3;
    private const int Unknown = -1;

    private readonly LinkConnection _connection;
    private readonly LinkOptions _options;
    private LinkIdentity? _identity;
    private LinkModel? _model;
    private byte[]? _inputs;

    private LinkClient(LinkConnection connection, LinkOptions options)
    {
        _connection = connection;
        _options = options;
    }

    /// <summary>Works on a port that is open; where it gets lost, that is the end.</summary>
    /// <param name="port">The port, closed with the client.</param>
    /// <param name="options">How to wait; null for the default.</param>
    public LinkClient(SerialPort port, LinkOptions? options = null)
        : this(new LinkConnection(port.Name, () => port, canReopen: false, options ?? new LinkOptions()), options ?? new LinkOptions())
    {
    }

    /// <summary>Opens a port, and later opens it again whenever it gets lost.</summary>
    /// <param name="portName">What <see cref="SerialPort.Open"/> takes.</param>
    /// <param name="options">How to wait; null for the default.</param>
    public static LinkClient Open(string portName, LinkOptions? options = null)
    {
        LinkOptions all = options ?? new LinkOptions();
        return new LinkClient(new LinkConnection(portName, () => SerialPort.Open(portName, all.BaudRate), canReopen: true, all), all);
    }

    /// <summary>Name of the port.</summary>
    public string PortName => _connection.Name;

    /// <summary>Requests that were sent more than once so far.</summary>
    public int Repeats => _connection.Repeats;

    /// <summary>How often the port was opened again.</summary>
    public int Reopened => _connection.Reopened;

    /// <summary>Asks who the device is. The other members do it by themselves where it was not done.</summary>
    public LinkIdentity Identify(CancellationToken cancellationToken = default)
    {
        LinkIdentity identity = AskIdentity(_options.Patience, cancellationToken);
        var assemblies = new List<BoardAssembly>();
        for (int i = 0; i < identity.Assemblies.Count; i++)
        {
            LinkAnswer answer = Demand(LinkKind.Assembly, UInt16Of(i), cancellationToken);
            var version = new Version(answer.UInt16(), answer.UInt16(), answer.UInt16(), answer.UInt16());
            assemblies.Add(new BoardAssembly(answer.Text(), version));
        }
        return _identity = identity with { Assemblies = assemblies };
    }

    /// <summary>Sends bytes to the device and back, in as many frames as they need.</summary>
    /// <returns>What came back; equal, because each frame carries a checksum.</returns>
    public byte[] Echo(byte[] data, CancellationToken cancellationToken = default)
    {
        Know(cancellationToken);
        return [.. data.Chunk(_connection.PayloadMax).DefaultIfEmpty([]).SelectMany(part => Demand(LinkKind.Echo, part, cancellationToken).Rest())];
    }

    /// <summary>Reads time, memory and counters.</summary>
    /// <param name="collectGarbage">Whether the device collects garbage before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public LinkCounters Counters(bool collectGarbage = false, CancellationToken cancellationToken = default)
    {
        LinkAnswer answer = Demand(LinkKind.Counters, [collectGarbage ? (byte)1 : (byte)0], cancellationToken);
        return new LinkCounters(
            answer.Int64(), Known(answer.Int32()), Known(answer.Int32()), Known(answer.Int32()), answer.Int32(), answer.Int32(), answer.Int32(), answer.IsAtEnd ? null : ReadAgent(answer));
    }

    /// <summary>Puts a model into the device's RAM and loads it there; the agent's slots are not touched. Goes on where it was when the line broke.</summary>
    /// <param name="file">The .emlm file.</param>
    /// <param name="progress">Told the part that has arrived, 0 to 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What the loaded model needs; it is selected.</returns>
    public LinkModel PutModel(byte[] file, Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        LinkIdentity identity = Know(cancellationToken);
        if (file.Length > identity.ModelBytesMax)
            throw TooLarge($"The model has {file.Length:N0} bytes; the device takes {identity.ModelBytesMax:N0} over the link.");
        Put(TransferTarget.Model, "", file, progress, cancellationToken);
        return Select(LinkModelSource.Link, cancellationToken);
    }

    /// <summary>Puts a file on the device, such as its configuration; it takes effect when the device starts.</summary>
    /// <param name="name">1 to 32 characters of <c>A-Z a-z 0-9 . - _</c>, the first a letter or digit.</param>
    /// <param name="content">Its bytes, 1 or more.</param>
    /// <param name="progress">Told the part that has arrived, 0 to 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public void PutFile(string name, byte[] content, Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        LinkIdentity identity = Know(cancellationToken);
        if (content.Length > identity.FileBytesMax)
            throw TooLarge($"The file {name} has {content.Length:N0} bytes; the device takes {identity.FileBytesMax:N0} over the link.");
        Put(TransferTarget.File, name, content, progress, cancellationToken);
    }

    /// <summary>Chooses the model that the following requests are about.</summary>
    public LinkModel Select(LinkModelSource source, CancellationToken cancellationToken = default)
    {
        LinkAnswer answer = Demand(LinkKind.Select, [(byte)source], cancellationToken);
        _inputs = null;
        return _model = new LinkModel(
            answer.UInt16(), answer.Byte(), answer.Byte(), answer.Int32(), answer.Int32(), answer.Int32(), answer.Int32(), answer.Int32(), answer.Int32(), answer.Int32());
    }

    /// <summary>Runs the selected model once.</summary>
    /// <param name="inputs">All inputs in the model's order, one after another, in the device's own layout: elements little-endian, images NHWC.</param>
    /// <param name="keepState">Whether recurrent layers remember the last run.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public LinkRun Run(byte[] inputs, bool keepState = false, CancellationToken cancellationToken = default)
    {
        LinkModel model = SetInputs(inputs, cancellationToken);
        LinkAnswer answer = Demand(LinkKind.Run, [keepState ? LinkRunFlags.KeepState : (byte)0], cancellationToken, isLong: true);
        long microseconds = answer.Int64();
        List<byte> outputs = [.. answer.Rest()];
        while (outputs.Count < model.OutputBytes)
            outputs.AddRange(NotEmpty(Demand(LinkKind.OutputBlock, Int32Of(outputs.Count), cancellationToken).Rest()));
        return new LinkRun([.. outputs], microseconds);
    }

    /// <summary>Times the selected model: a number of inferences as a whole, and as many layer by layer. The device sends each time, so that nothing is averaged there.</summary>
    /// <param name="inputs">As of <see cref="Run"/>.</param>
    /// <param name="count">Number of inferences of each sort, 1 or more.</param>
    /// <param name="progress">Told the part that is done, 0 to 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public LinkTiming RunTimed(byte[] inputs, int count, Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        LinkIdentity identity = Know(cancellationToken);
        LinkModel model = SetInputs(inputs, cancellationToken);
        var totals = new List<long>();
        List<long>[] layers = [.. Enumerable.Range(0, model.Layers).Select(_ => new List<long>())];
        for (int i = 0; i < count; i++)
        {
            totals.Add(Demand(LinkKind.Run, [LinkRunFlags.WithoutOutputs], cancellationToken, isLong: true).Int64());
            int layer = 0;
            foreach (long microseconds in RunByLayer(model.Layers, cancellationToken))
                layers[layer++].Add(microseconds);
            progress?.Invoke((i + 1.0) / count);
        }
        return new LinkTiming(totals, layers, identity.TimerStep);
    }

    /// <summary>Runs the selected model's self-test.</summary>
    /// <returns><see cref="Runtime.Error.None"/>, <see cref="Runtime.Error.SelfTestFailed"/> or <see cref="Runtime.Error.NoSelfTest"/>.</returns>
    public Runtime.Error SelfTest(CancellationToken cancellationToken = default)
    {
        LinkAnswer answer = _connection.Request(LinkKind.SelfTest, [], _options.LongPatience, cancellationToken);
        if (answer.Status is not ((int)Runtime.Error.None or (int)Runtime.Error.SelfTestFailed or (int)Runtime.Error.NoSelfTest))
            throw Refused(LinkKind.SelfTest, answer.Status);
        return (Runtime.Error)answer.Status;
    }

    /// <summary>Gives the application's sensor a sample, where it takes them from the link; waits while it has not taken the one before.</summary>
    /// <param name="sample">All inputs of the agent's model, as of <see cref="Run"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public void Feed(byte[] sample, CancellationToken cancellationToken = default)
    {
        Know(cancellationToken);
        int size = _connection.PayloadMax - 8;
        long begin = Stopwatch.GetTimestamp();
        for (int offset = 0; offset < sample.Length;)
        {
            byte[] part = sample[offset..Math.Min(offset + size, sample.Length)];
            LinkAnswer answer = _connection.Request(LinkKind.Feed, [.. Int32Of(sample.Length), .. Int32Of(offset), .. part], _options.Patience, cancellationToken);
            bool isBusy = answer.Status == (int)LinkError.FeedBusy && Stopwatch.GetElapsedTime(begin) < _options.Patience;
            if (answer.Status != 0 && !isBusy)
                throw Refused(LinkKind.Feed, answer.Status);
            offset += isBusy ? 0 : part.Length;
        }
    }

    /// <summary>Restarts the device and waits until it answers again.</summary>
    public LinkIdentity Reboot(CancellationToken cancellationToken = default)
    {
        int start = AskIdentity(_options.Patience, cancellationToken).StartId;
        LinkAnswer answer = _connection.Request(LinkKind.Reboot, Int32Of(start), _options.Patience, cancellationToken);
        if (answer.Status is not (0 or (int)LinkError.Restarted))
            throw Refused(LinkKind.Reboot, answer.Status);
        Forget();
        long begin = Stopwatch.GetTimestamp();
        while (AskIdentity(_options.LongPatience, cancellationToken).StartId == start)
        {
            if (Stopwatch.GetElapsedTime(begin) > _options.LongPatience)
                throw new LinkException(LinkErrorCodes.NoAnswer, $"The device on {PortName} did not restart within {_options.LongPatience.TotalSeconds:0} s.", "Press reset.");
        }
        return Identify(cancellationToken);
    }

    /// <summary>Closes the port.</summary>
    public void Dispose() => _connection.Dispose();

    private LinkIdentity AskIdentity(TimeSpan patience, CancellationToken cancellationToken)
    {
        LinkAnswer answer = Checked(LinkKind.Identify, _connection.Request(LinkKind.Identify, [], patience, cancellationToken));
        int version = answer.Byte();
        int flags = answer.Byte();
        int abi = answer.UInt16();
        int frameBytes = answer.UInt16();
        var assemblies = new BoardAssembly[answer.UInt16()];
        int start = answer.Int32();
        int? memory = Known(answer.Int32());
        int modelBytesMax = answer.Int32();
        int fileBytesMax = answer.Int32();
        TimeSpan step = TimeSpan.FromTicks((answer.Int32() + 99) / 100);
        string board = answer.Text();
        string firmware = answer.Text();
        _connection.FrameBytes = Math.Clamp(frameBytes, FrameFormat.FrameBytesMin, FrameFormat.FrameBytesMax);
        return new LinkIdentity(
            board, firmware, answer.Text(), version, abi, frameBytes, start, memory, modelBytesMax, fileBytesMax, step, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, (flags & 8) != 0, assemblies);
    }

    private void Put(TransferTarget target, string name, byte[] content, Action<double>? progress, CancellationToken cancellationToken)
    {
        uint checksum = Crc32C.Append(0, content, 0, content.Length);
        byte[] begin = [(byte)target, .. Int32Of(content.Length), .. Int32Of((int)checksum), .. Encoding.ASCII.GetBytes(name)];
        for (int attempt = 1; ; attempt++)
        {
            LinkAnswer answer = Demand(LinkKind.PutBegin, begin, cancellationToken, isLong: true);
            int status = PutBlocks(content, answer.Int32(), progress, cancellationToken);
            if (status == 0)
                status = _connection.Request(LinkKind.PutCommit, Int32Of((int)checksum), _options.LongPatience, cancellationToken).Status;
            if (status == 0)
                return;
            bool mayTryAgain = (LinkError)status is LinkError.NoTransfer or LinkError.Checksum or LinkError.Incomplete;
            if (!mayTryAgain || attempt == RestartsMax)
                throw Refused(LinkKind.PutCommit, status);
            Know(cancellationToken);
        }
    }

    private int PutBlocks(byte[] content, int next, Action<double>? progress, CancellationToken cancellationToken)
    {
        int size = _connection.PayloadMax - 4;
        while (next < content.Length)
        {
            byte[] block = [.. Int32Of(next), .. content[next..Math.Min(next + size, content.Length)]];
            LinkAnswer answer = _connection.Request(LinkKind.PutBlock, block, _options.Patience, cancellationToken);
            if (answer.Status is not (0 or (int)LinkError.Offset))
                return answer.Status;
            next = answer.Int32();
            progress?.Invoke((double)next / content.Length);
        }
        return 0;
    }

    private LinkModel SetInputs(byte[] inputs, CancellationToken cancellationToken)
    {
        Know(cancellationToken);
        LinkModel model = _model ?? Select(LinkModelSource.Link, cancellationToken);
        if (inputs.Length != model.InputBytes)
            throw new ArgumentException($"The model takes {model.InputBytes} bytes of inputs, not {inputs.Length}.", nameof(inputs));
        if (_inputs is not null && _inputs.AsSpan().SequenceEqual(inputs))
            return model;
        _inputs = null;
        int size = _connection.PayloadMax - 4;
        for (int offset = 0; offset < inputs.Length; offset += size)
            Demand(LinkKind.InputBlock, [.. Int32Of(offset), .. inputs[offset..Math.Min(offset + size, inputs.Length)]], cancellationToken);
        _inputs = [.. inputs];
        return model;
    }

    private List<long> RunByLayer(int count, CancellationToken cancellationToken)
    {
        LinkAnswer answer = Demand(LinkKind.Run, [LinkRunFlags.ByLayer], cancellationToken, isLong: true);
        answer.Int64();
        var times = new List<long>();
        while (true)
        {
            while (!answer.IsAtEnd)
                times.Add((uint)answer.Int32());
            if (times.Count >= count)
                return times;
            answer = Demand(LinkKind.LayerBlock, UInt16Of(times.Count), cancellationToken);
            if (answer.IsAtEnd)
                throw new LinkException(LinkErrorCodes.Version, $"The device gave {times.Count} of {count} layers' times.", "Flash an application of the same release as 'edgeml'.");
        }
    }

    private LinkIdentity Know(CancellationToken cancellationToken) => _identity ??= Identify(cancellationToken);

    private void Forget() => (_identity, _model, _inputs) = (null, null, null);

    private LinkAnswer Demand(int kind, ReadOnlySpan<byte> payload, CancellationToken cancellationToken, bool isLong = false) =>
        Checked(kind, _connection.Request(kind, payload, isLong ? _options.LongPatience : _options.Patience, cancellationToken));

    private LinkAnswer Checked(int kind, LinkAnswer answer) => answer.Status == 0 ? answer : throw Refused(kind, answer.Status);

    // The device may have restarted: what it said of itself is asked for again.
    private LinkException Refused(int kind, int status)
    {
        Forget();
        return LinkRefusal.Of(PortName, kind, status);
    }

    private static LinkAgentState ReadAgent(LinkAnswer answer)
    {
        var state = (UpdateState)answer.Byte();
        int error = answer.Byte();
        var running = (Slot)answer.Byte();
        return new LinkAgentState(
            state, error, running, answer.Byte() != 0, answer.Int32(), answer.Int32(), answer.Int32(), answer.Int32(), answer.Int32(),
            answer.Int32(), answer.Int32(), answer.Int32(), answer.Int32(), answer.Int32(), answer.Int32(), answer.Bytes(JournalLayout.IdBytes) is var id && running != Slot.None ? id : null);
    }

    private static byte[] NotEmpty(byte[] part) =>
        part.Length > 0 ? part : throw new LinkException(LinkErrorCodes.Version, "The device gave fewer outputs than it had said.", "Flash an application of the same release as 'edgeml'.");

    private static LinkException TooLarge(string message) => new(LinkErrorCodes.TooLarge, message, "Put a large model on the device as its factory model or by an update, and run the agent's model.");

    private static int? Known(int value) => value == Unknown ? null : value;

    private static byte[] Int32Of(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] UInt16Of(int value) => [(byte)value, (byte)(value >> 8)];
}
