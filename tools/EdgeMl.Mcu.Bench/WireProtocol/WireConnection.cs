using System.Buffers.Binary;
using System.Collections.Concurrent;
using EdgeMl.Mcu.Bench.Serial;

namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>Requests and answers over a serial port. A thread of its own reads, so that debug output is seen at any time.</summary>
public sealed class WireConnection : IDisposable
{
    /// <summary>How long a board may take to answer a plain request; longer than a board waits for the rest of a header, 2 s, so that a request repeated after it is read from its begin.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(2.5);

    /// <summary>The rates of nanoFramework's firmware: ESP32 and STM32, the USB bridges that cannot do more, old firmware.</summary>
    public static IReadOnlyList<int> BaudRates { get; } = [921600, 460800, 115200];

    private const uint HostSource = 0x00010002;
    private const uint StopFlag = 1;
    private const WireBits Damaged = WireBits.BadHeader | WireBits.BadPayload;
    private const int ResendsMax = 20;
    private const int ProbeRounds = 3;
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);

    private readonly SerialPort _port;
    private readonly Thread _reader;
    private readonly ConcurrentDictionary<ushort, TaskCompletionSource<WirePacket?>> _waiting = new();
    private readonly Lock _writing = new();
    private volatile bool _closed;
    private volatile bool _holdsAtStart;
    private volatile BenchException? _failure;
    private int _sequence;

    /// <summary>Begins to read.</summary>
    /// <param name="port">An open port; closed together with the connection.</param>
    public WireConnection(SerialPort port)
    {
        _port = port;
        _reader = new Thread(Read) { IsBackground = true, Name = $"Wire Protocol on {port.Name}" };
        _reader.Start();
    }

    /// <summary>Opens a port and finds the rate at which a board answers.</summary>
    /// <param name="port">Serial port.</param>
    /// <param name="baudRate">The rate, or null to try <see cref="BaudRates"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BenchException">Those of <see cref="SerialPort.Open"/>, and <see cref="BenchErrorCodes.NoAnswer"/>.</exception>
    public static WireConnection Open(string port, int? baudRate = null, CancellationToken cancellationToken = default)
    {
        SerialPort serial = SerialPort.Open(port, baudRate ?? SerialPort.DefaultBaudRate);
        var connection = new WireConnection(serial);
        try
        {
            IReadOnlyList<int> rates = baudRate is int only ? [only] : BaudRates;
            for (int round = 0; round < ProbeRounds; round++)
            {
                foreach (int rate in rates)
                {
                    if (serial.TryChangeBaudRate(rate) && connection.Ask(WireCommand.Ping, HostIdentity(), ProbeTimeout, cancellationToken) is not null)
                        return connection;
                }
            }
            throw new BenchException(BenchErrorCodes.NoAnswer, $"No nanoFramework firmware answers on {port} at {string.Join(", ", rates)} baud.",
                "Is it the right port ('edgeml ports'), is no other program's loader on the board, and does nanoCLR run on it? Press reset and try again; 'edgeml flash --clr' puts the firmware there with nanoff.");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether a board that starts is told to stop before it loads its application.</summary>
    public bool HoldsAtStart
    {
        get => _holdsAtStart;
        set => _holdsAtStart = value;
    }

    /// <summary>Debug output of the program, and bytes outside packets (the boot loader's). Raised on the reading thread.</summary>
    public event Action<byte[]>? Output;

    /// <summary>The board has started and asks who is there. Raised on the reading thread.</summary>
    public event Action? Started;

    /// <summary>The program has ended. Raised on the reading thread.</summary>
    public event Action? ProgramEnded;

    /// <summary>Name of the port.</summary>
    public string PortName => _port.Name;

    /// <summary>Sends a request and waits for its answer, repeating both where nothing comes.</summary>
    /// <param name="command">What to do; must be safe to repeat.</param>
    /// <param name="payload">Its parameters, at most <see cref="WirePacket.PayloadMax"/> bytes.</param>
    /// <param name="timeout">How long to wait for each answer; null for <see cref="DefaultTimeout"/>.</param>
    /// <param name="attempts">How often to ask.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.NoAnswer"/>, <see cref="BenchErrorCodes.BoardRefused"/> or <see cref="BenchErrorCodes.PortDisconnected"/>.</exception>
    public byte[] Request(WireCommand command, byte[] payload, TimeSpan? timeout = null, int attempts = 3, CancellationToken cancellationToken = default)
    {
        int resends = 0;
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            WirePacket? answer = Ask(command, payload, timeout ?? DefaultTimeout, cancellationToken);
            while (answer is { Command: WireCommand.Ping, Flags: var flags } && flags.HasFlag(WireBits.NegativeAcknowledge) && (flags & Damaged) != 0)
            {
                // After a damaged header a board takes what follows, the payload and further packets, for headers until nothing comes for 2 s. A damaged payload has its right length.
                if (flags.HasFlag(WireBits.BadHeader) && cancellationToken.WaitHandle.WaitOne(DefaultTimeout))
                    cancellationToken.ThrowIfCancellationRequested();
                answer = ++resends > ResendsMax ? null : Ask(command, payload, timeout ?? DefaultTimeout, cancellationToken);
            }
            if (answer is null)
                continue;
            return answer.Flags.HasFlag(WireBits.Acknowledge) ? answer.Payload
                : throw new BenchException(BenchErrorCodes.BoardRefused, $"The board on {PortName} refused the command {command}.", "Its firmware is too old or built without this feature: 'edgeml flash --clr' puts the current one there.");
        }
        throw new BenchException(BenchErrorCodes.NoAnswer, $"No nanoFramework firmware answers on {PortName} ({command}, asked {attempts} times).",
            "Press reset and try again. Is the cable good, and no other rate set: --baud?");
    }

    /// <summary>Sends a packet that is not answered.</summary>
    public void Send(WireCommand command, WireBits flags, byte[] payload, ushort replyTo = 0) => Write(new WirePacket(command, NextSequence(), replyTo, flags, payload));

    /// <summary>Payload of a ping of this side: its source and no flags.</summary>
    internal static byte[] HostIdentity()
    {
        byte[] identity = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(identity, HostSource);
        return identity;
    }

    /// <summary>Says so where the port is gone.</summary>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.PortDisconnected"/>.</exception>
    public void ThrowIfLost()
    {
        if (_failure is { } failure)
            throw new BenchException(failure.Code, failure.Message, failure.Hint, failure);
    }

    /// <summary>Ends reading and closes the port.</summary>
    public void Dispose()
    {
        if (_closed)
            return;
        _closed = true;
        if (Thread.CurrentThread != _reader)
            _reader.Join();
        _port.Dispose();
    }

    private WirePacket? Ask(WireCommand command, byte[] payload, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var packet = new WirePacket(command, NextSequence(), 0, WireBits.None, payload);
        var answer = new TaskCompletionSource<WirePacket?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[packet.Sequence] = answer;
        try
        {
            ThrowIfLost();
            Write(packet);
            return answer.Task.Wait((int)timeout.TotalMilliseconds, cancellationToken) ? answer.Task.Result : null;
        }
        catch (AggregateException e) when (e.InnerException is BenchException inner)
        {
            throw new BenchException(inner.Code, inner.Message, inner.Hint, inner);
        }
        finally
        {
            _waiting.TryRemove(packet.Sequence, out _);
        }
    }

    // 0 means "answers nothing", so no request has it.
    private ushort NextSequence()
    {
        ushort sequence;
        do
            sequence = (ushort)Interlocked.Increment(ref _sequence);
        while (sequence == 0);
        return sequence;
    }

    private void Write(WirePacket packet)
    {
        lock (_writing)
            _port.Write(packet.ToBytes(), DefaultTimeout);
    }

    private void Read()
    {
        var reader = new WireReader();
        byte[] buffer = new byte[4096];
        try
        {
            while (!_closed)
            {
                int count = _port.Read(buffer, Slice);
                foreach (WirePacket packet in reader.Take(buffer.AsSpan(0, count)))
                    Handle(packet);
                if (reader.TakeNoise() is { Length: > 0 } noise)
                    Output?.Invoke(noise);
            }
        }
        catch (BenchException e)
        {
            _failure = e;
            foreach (TaskCompletionSource<WirePacket?> waiting in _waiting.Values)
                waiting.TrySetException(e);
        }
    }

    private void Handle(WirePacket packet)
    {
        if (packet.Flags.HasFlag(WireBits.Reply))
        {
            if (_waiting.TryRemove(packet.ReplyTo, out TaskCompletionSource<WirePacket?>? waiting))
                waiting.TrySetResult(packet);
            return;
        }
        switch (packet.Command)
        {
            case WireCommand.Message:
                Output?.Invoke(packet.Payload);
                break;
            case WireCommand.ProgramExit:
                ProgramEnded?.Invoke();
                break;
            case WireCommand.Ping when packet.Flags.HasFlag(WireBits.NegativeAcknowledge):
                foreach (TaskCompletionSource<WirePacket?> damaged in _waiting.Values)
                    damaged.TrySetResult(packet);
                break;
            case WireCommand.Ping:
                byte[] identity = HostIdentity();
                if (_holdsAtStart)
                    BinaryPrimitives.WriteUInt32LittleEndian(identity.AsSpan(4), StopFlag);
                Send(WireCommand.Ping, WireBits.Reply | WireBits.Acknowledge | WireBits.NonCritical, identity, packet.Sequence);
                Started?.Invoke();
                break;
            default:
                break;
        }
    }
}
