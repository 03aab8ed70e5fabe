using System.Buffers.Binary;
using System.Collections.Concurrent;
using EdgeMl.Mcu.Bench.Serial;

namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>Requests and answers over a serial port. A thread of its own reads, so that debug output is seen at any time.</summary>
public sealed class WireConnection : IDisposable
{
    /// <summary>How long a board may take to answer a plain request.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(2);

    private const uint HostSource = 0x00010002;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);

    private readonly SerialPort _port;
    private readonly Thread _reader;
    private readonly ConcurrentDictionary<ushort, TaskCompletionSource<WirePacket>> _waiting = new();
    private readonly Lock _writing = new();
    private volatile bool _closed;
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
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            WirePacket? answer = Ask(command, payload, timeout ?? DefaultTimeout, cancellationToken);
            if (answer is null)
                continue;
            return answer.Flags.HasFlag(WireBits.Acknowledge) ? answer.Payload
                : throw new BenchException(BenchErrorCodes.BoardRefused, $"The board on {PortName} refused the command {command}.", "Its firmware may be too old or built without this feature: compare 'edgeml version' with the board's CLR.");
        }
        throw new BenchException(BenchErrorCodes.NoAnswer, $"No nanoFramework firmware answers on {PortName} ({command}, asked {attempts} times).",
            "Is it the right port, and does nanoCLR run on the board? 'edgeml flash --clr' puts it there.");
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
        var answer = new TaskCompletionSource<WirePacket>(TaskCreationOptions.RunContinuationsAsynchronously);
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
            foreach (TaskCompletionSource<WirePacket> waiting in _waiting.Values)
                waiting.TrySetException(e);
        }
    }

    private void Handle(WirePacket packet)
    {
        if (packet.Flags.HasFlag(WireBits.Reply))
        {
            if (_waiting.TryRemove(packet.ReplyTo, out TaskCompletionSource<WirePacket>? waiting))
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
            case WireCommand.Ping when !packet.Flags.HasFlag(WireBits.NegativeAcknowledge):
                Send(WireCommand.Ping, WireBits.Reply | WireBits.Acknowledge | WireBits.NonCritical, HostIdentity(), packet.Sequence);
                Started?.Invoke();
                break;
            default:
                break;
        }
    }
}
