using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Mqtt.Client;

/// <summary>One network connection of a client: sends packets one at a time, reads them, and watches that the broker answers.</summary>
internal sealed class ClientConnection : IAsyncDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly MqttClientOptions _options;
    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly PendingAnswers _answers = new();
    private readonly TaskCompletionSource<Exception> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;

    private ClientConnection(MqttClientOptions options, Socket socket, Stream stream)
    {
        _options = options;
        _socket = socket;
        _stream = stream;
        _input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        _output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }

    /// <summary>Whether the broker still had the session.</summary>
    public bool SessionPresent { get; private set; }

    /// <summary>Ends with the reason when the connection has ended.</summary>
    public Task<Exception> Ended => _ended.Task;

    /// <summary>Whether the connection has ended or is about to end.</summary>
    public bool HasFailed => Volatile.Read(ref _failure) is not null;

    /// <summary>When something was sent and received last, and what has not been answered.</summary>
    public ConnectionActivity Activity { get; } = new();

    /// <summary>Connects and says CONNECT.</summary>
    /// <exception cref="MqttException"><see cref="MqttErrorCodes.Unreachable"/> or <see cref="MqttErrorCodes.ConnectRefused"/>.</exception>
    public static async Task<ClientConnection> OpenAsync(MqttClientOptions options, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.ConnectTimeout);
        ClientConnection? connection = null;
        try
        {
            (Socket socket, Stream stream) = await ClientTransport.OpenAsync(options, deadline.Token);
            connection = new ClientConnection(options, socket, stream);
            using CancellationTokenRegistration abort = deadline.Token.Register(connection._socket.Dispose);
            await connection.ConnectAsync();
            return connection;
        }
        catch (Exception exception)
        {
            if (connection is not null)
                await connection.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            if (exception is MqttException)
                throw;
            string what = deadline.IsCancellationRequested ? $"did not answer within {options.ConnectTimeout.TotalSeconds:0.#} s" : $"closed the connection: {exception.Message}";
            throw new MqttException(MqttErrorCodes.Unreachable, $"The broker {options} {what}.", "Check host and port, and that the broker speaks MQTT 3.1.1.", exception);
        }
    }

    /// <summary>Reads and watches until the connection ends.</summary>
    /// <param name="inbox">Where messages go.</param>
    /// <param name="window">What acknowledgements go to.</param>
    public async Task RunAsync(MessageInbox inbox, PublishWindow window)
    {
        using var stop = new CancellationTokenSource();
        Task watching = new ConnectionWatch(_options, this, window).RunAsync(stop.Token);
        try
        {
            await ReadAsync(inbox, window);
            Fail(new MqttException(MqttErrorCodes.ConnectionLost, "The broker closed the connection."));
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
        await stop.CancelAsync();
        await watching;
        await DisposeAsync();
        _answers.FailAll(Lost());
        _ended.SetResult(_failure!);
    }

    /// <summary>Ends the connection; the first reason counts.</summary>
    public void Fail(Exception reason)
    {
        Interlocked.CompareExchange(ref _failure, reason, null);
        _socket.Dispose();
    }

    /// <summary>Sends a packet when those before it are sent. Cancelling ends only the wait for them.</summary>
    /// <exception cref="MqttException"><see cref="MqttErrorCodes.ConnectionLost"/>.</exception>
    public async ValueTask SendAsync<TPacket>(TPacket packet, CancellationToken cancellationToken)
        where TPacket : IOutgoingPacket
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await WriteAsync(packet);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Sends a packet unless the connection has ended.</summary>
    public async ValueTask TrySendAsync<TPacket>(TPacket packet)
        where TPacket : IOutgoingPacket
    {
        try
        {
            await SendAsync(packet, CancellationToken.None);
        }
        catch (MqttException)
        {
            // The reason is known to whoever waits for the end.
        }
    }

    /// <summary>Sends SUBSCRIBE or UNSUBSCRIBE and waits for the answer.</summary>
    /// <returns>The return codes; none for UNSUBSCRIBE.</returns>
    /// <exception cref="MqttException"><see cref="MqttErrorCodes.ConnectionLost"/>.</exception>
    public async Task<byte[]> RequestAsync<TPacket>(ushort id, TPacket packet, CancellationToken cancellationToken)
        where TPacket : IOutgoingPacket
    {
        Task<byte[]> answer = _answers.Expect(id);
        try
        {
            await SendAsync(packet, cancellationToken);
            return await answer.WaitAsync(_options.AcknowledgementTimeout, cancellationToken);
        }
        catch (TimeoutException)
        {
            Fail(new MqttException(MqttErrorCodes.ConnectionLost, $"The broker did not answer within {_options.AcknowledgementTimeout.TotalSeconds:0.#} s."));
            throw Lost();
        }
        finally
        {
            _answers.Forget(id);
        }
    }

    /// <summary>Says DISCONNECT and waits for a moment until the broker closes, so that DISCONNECT is not lost with what was not read yet.</summary>
    public async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(CloseTimeout);
            await SendAsync(new EmptyPacket(PacketType.Disconnect), deadline.Token);
            _socket.Shutdown(SocketShutdown.Send);
            await Ended.WaitAsync(deadline.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or MqttException or SocketException or ObjectDisposedException)
        {
            // The connection ends either way.
        }
        Fail(new MqttException(MqttErrorCodes.NotConnected, "The client was disconnected."));
    }

    /// <summary>Closes the connection and gives its buffers back.</summary>
    public async ValueTask DisposeAsync()
    {
        Fail(new MqttException(MqttErrorCodes.ConnectionLost, "The connection was closed."));
        // A write under way fails with the socket; then nobody writes any more.
        await _writing.WaitAsync();
        await _input.CompleteAsync();
        await _output.CompleteAsync(new OperationCanceledException());
        await _stream.DisposeAsync();
        _writing.Release();
    }

    private async Task ConnectAsync()
    {
        await WriteAsync(new ConnectPacket
        {
            ClientId = _options.ClientId,
            CleanSession = _options.CleanSession,
            KeepAlive = (ushort)_options.KeepAlive.TotalSeconds,
            Will = _options.Will,
            UserName = _options.UserName,
            Password = _options.Password is { } password ? Encoding.UTF8.GetBytes(password) : null,
        });
        while (true)
        {
            ReadResult result = await _input.ReadAsync();
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (MqttFrame.TryRead(ref buffer, _options.PacketBytesMax, out MqttFrame frame))
            {
                if (frame.Type != PacketType.Connack)
                    throw MqttProtocolException.Violation($"The broker answered CONNECT with {frame.Type}.");
                ConnackPacket packet = ConnackPacket.Read(frame);
                _input.AdvanceTo(buffer.Start);
                if (packet.ReturnCode != ConnectReturnCode.Accepted)
                    throw new MqttException(MqttErrorCodes.ConnectRefused, $"The broker {_options} refused the connection: {packet.ReturnCode}.", "Check client identifier, user and password.");
                SessionPresent = packet.SessionPresent;
                return;
            }
            _input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
                throw new IOException("no answer to CONNECT");
        }
    }

    private async Task ReadAsync(MessageInbox inbox, PublishWindow window)
    {
        while (true)
        {
            ReadResult result = await _input.ReadAsync();
            ReadOnlySequence<byte> buffer = result.Buffer;
            while (MqttFrame.TryRead(ref buffer, _options.PacketBytesMax, out MqttFrame frame))
                Handle(frame, inbox, window);
            Activity.OnReceived();
            _input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
                return;
        }
    }

    private void Handle(in MqttFrame frame, MessageInbox inbox, PublishWindow window)
    {
        switch (frame.Type)
        {
            case PacketType.Publish:
                inbox.Add(PublishPacket.Read(frame), this);
                break;
            case PacketType.Puback:
                window.Acknowledge(AcknowledgementPacket.Read(frame).PacketId);
                break;
            case PacketType.Suback:
                SubackPacket answer = SubackPacket.Read(frame);
                _answers.Complete(answer.PacketId, answer.ReturnCodes);
                break;
            case PacketType.Unsuback:
                _answers.Complete(AcknowledgementPacket.Read(frame).PacketId, []);
                break;
            case PacketType.Pingresp:
                break;
            default:
                throw MqttProtocolException.Violation($"The broker sent {frame.Type}.");
        }
    }

    // Whoever writes holds the semaphore, or is the only one who knows the connection.
    private async ValueTask WriteAsync<TPacket>(TPacket packet)
        where TPacket : IOutgoingPacket
    {
        if (HasFailed)
            throw Lost();
        try
        {
            packet.Write(_output);
            Activity.OnSending();
            await _output.FlushAsync();
            Activity.OnSent();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or SocketException)
        {
            Fail(exception);
            throw Lost();
        }
    }

    private MqttException Lost() => new(MqttErrorCodes.ConnectionLost, $"The connection to {_options} was lost: {_failure?.Message}", innerException: _failure);
}
