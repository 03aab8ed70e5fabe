using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>A client's network connection, from the first byte to the last.</summary>
internal sealed class BrokerConnection
{
    private const int ReadBufferBytes = 16 * 1024;
    private const int YieldBytes = ReadBufferBytes / 2;

    private readonly BrokerCore _core;
    private readonly Socket _socket;
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConnectionWriter? _writer;
    private string? _endReason;
    private long _lastReceived = Environment.TickCount64;
    private double _silenceMax = double.PositiveInfinity;
    private bool _hasDisconnected;
    private volatile bool _isStopping;

    public BrokerConnection(BrokerCore core, Socket socket, SslServerAuthenticationOptions? tls)
    {
        _core = core;
        _socket = socket;
        _tls = tls;
        RemoteEndPoint = RemoteOf(socket);
        Answers = new ControlQueue(OutboundSignal);
    }

    public EndPoint? RemoteEndPoint { get; }

    /// <summary>Null as long as it is unknown.</summary>
    public string? ClientId { get; set; }

    /// <summary>Wakes the writer.</summary>
    public AsyncSignal OutboundSignal { get; } = new();

    public ControlQueue Answers { get; }

    /// <summary>Serves the client until the connection ends. Does not throw.</summary>
    public async Task RunAsync()
    {
        bool isAdmitted = false;
        try
        {
            using var deadline = new CancellationTokenSource(_core.Limits.ConnectTimeout);
            await using CancellationTokenRegistration abort = deadline.Token.Register(() => Abort("no CONNECT in time"));
            await using Stream stream = await OpenAsync(deadline.Token);
            PipeReader input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadBufferBytes, leaveOpen: true, useZeroByteReads: true));
            PipeWriter output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
            try
            {
                Admitted admitted = await new Admission(_core, this, input, output).RunAsync((stream as SslStream)?.RemoteCertificate, deadline.Token);
                await abort.DisposeAsync();
                isAdmitted = true;
                _core.Observer?.Invoke(new BrokerEvent(BrokerEventKind.Connected, ClientId, RemoteEndPoint, null));
                await ServeAsync(admitted, input, output);
            }
            finally
            {
                await input.CompleteAsync();
                // With an exception, what is left is not sent any more.
                await output.CompleteAsync(new OperationCanceledException());
            }
        }
        catch (Exception exception)
        {
            NoteFailure(exception);
        }
        Close("closed by the client");
        if (!isAdmitted)
            Interlocked.Increment(ref _core.Counters.Refused);
        _core.Observer?.Invoke(new BrokerEvent(isAdmitted ? BrokerEventKind.Disconnected : BrokerEventKind.Refused, ClientId, RemoteEndPoint, _endReason));
    }

    /// <summary>Ends the connection at once; what was sent and has not arrived is lost, and the client's will is published.</summary>
    public void Abort(string reason)
    {
        try
        {
            // The client learns of it at once, even if it is stuck sending to a full window.
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
        Close(reason);
    }

    /// <summary>Ends the connection when everything that waits for the client is sent; there is no will.</summary>
    public void Stop()
    {
        _isStopping = true;
        SetReason("the broker stops");
        if (_writer is null)
            Abort("the broker stops");
        else
            OutboundSignal.Complete();
    }

    /// <summary>Ends the connection if its client has been silent, or has taken nothing, for too long.</summary>
    /// <param name="now">Milliseconds of <see cref="Environment.TickCount64"/>.</param>
    public void CheckTimeouts(long now)
    {
        if (now - Volatile.Read(ref _lastReceived) > Volatile.Read(ref _silenceMax))
            Abort("no packet within one and a half times the keep-alive");
        else if (_writer is { } writer && now - writer.FlushStartedAt > _core.Limits.SendTimeout.TotalMilliseconds)
            Abort("the client takes nothing of what is sent to it");
    }

    // What was sent still arrives.
    private void Close(string reason)
    {
        SetReason(reason);
        _socket.Dispose();
        OutboundSignal.Complete();
        Answers.Close();
        _closed.TrySetResult();
    }

    private async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        _socket.NoDelay = true;
        var network = new NetworkStream(_socket, ownsSocket: true);
        if (_tls is null)
            return network;
        var secure = new SslStream(network);
        try
        {
            await secure.AuthenticateAsServerAsync(_tls, cancellationToken);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    private async Task ServeAsync(Admitted admitted, PipeReader input, PipeWriter output)
    {
        // One and a half times the keep-alive (MQTT 3.1.1, 3.1.2.10).
        if (admitted.KeepAlive > TimeSpan.Zero)
            Volatile.Write(ref _silenceMax, admitted.KeepAlive.TotalMilliseconds * 1.5);
        Volatile.Write(ref _lastReceived, Environment.TickCount64);
        _writer = new ConnectionWriter(output, Answers, OutboundSignal, _core.Counters);
        if (_isStopping)
            OutboundSignal.Complete();
        Task writing = WriteAsync(_writer, admitted.Session.Outbound);
        try
        {
            await ReadAsync(input, new PacketHandler(_core, admitted.Client, admitted.Session, Answers));
        }
        catch (Exception exception)
        {
            NoteFailure(exception);
            throw;
        }
        finally
        {
            Close("closed by the client");
            await writing;
            if (admitted.Will is { } will && !_hasDisconnected && !_isStopping)
                _core.Publish(will);
            _core.Sessions.Detach(this, admitted.Session);
        }
    }

    private async Task ReadAsync(PipeReader input, PacketHandler handler)
    {
        while (true)
        {
            ReadResult result = await input.ReadAsync();
            ReadOnlySequence<byte> buffer = result.Buffer;
            long before = buffer.Length;
            while (handler.HeldUpBy is null && MqttFrame.TryRead(ref buffer, _core.Limits.PacketBytesMax, out MqttFrame frame))
            {
                if (!handler.Handle(frame))
                {
                    _hasDisconnected = true;
                    return;
                }
            }
            long consumed = before - buffer.Length;
            if (handler.HeldUpBy is { } subscription)
            {
                input.AdvanceTo(buffer.Start);
                await HoldUpAsync(subscription);
                if (_closed.Task.IsCompleted)
                    return;
                handler.GoOn();
                continue;
            }
            input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
                return;
            if (consumed > 0)
                Volatile.Write(ref _lastReceived, Environment.TickCount64);
            await Answers.WaitForRoomAsync();
            // One that sends without a pause lets the writers of those that it sends to run.
            if (consumed > YieldBytes)
                await Task.Yield();
        }
    }

    // Meanwhile the client's silence is not its own.
    private async Task HoldUpAsync(InProcessSubscription subscription)
    {
        Volatile.Write(ref _lastReceived, long.MaxValue);
        await Task.WhenAny(subscription.WaitForRoomAsync(), _closed.Task);
        Volatile.Write(ref _lastReceived, Environment.TickCount64);
    }

    private async Task WriteAsync(ConnectionWriter writer, OutboundQueue messages)
    {
        try
        {
            await writer.RunAsync(messages);
            Close("closed by the client");
        }
        catch (Exception exception)
        {
            Abort(exception.Message);
        }
    }

    private static EndPoint? RemoteOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint;
        }
        catch (SocketException)
        {
            // The client is gone already.
            return null;
        }
    }

    private void NoteFailure(Exception exception)
    {
        if (SetReason(exception.Message) && exception is MqttProtocolException)
            Interlocked.Increment(ref _core.Counters.ProtocolErrors);
    }

    // The first reason counts; true if this is the first.
    private bool SetReason(string reason) => Interlocked.CompareExchange(ref _endReason, reason, null) is null;
}
