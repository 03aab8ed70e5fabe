using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography.X509Certificates;
using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>A client that was let in.</summary>
internal sealed record Admitted(BrokerClient Client, Session Session, MqttMessage? Will, TimeSpan KeepAlive);

/// <summary>Reads CONNECT, decides about it and answers with CONNACK (MQTT 3.1.1, 3.1.4).</summary>
internal sealed class Admission(BrokerCore core, BrokerConnection connection, PipeReader input, PipeWriter output)
{
    /// <exception cref="MqttProtocolException">The first packet is not a valid CONNECT.</exception>
    /// <exception cref="MqttException">The client is refused and was told so, or it went away.</exception>
    public async Task<Admitted> RunAsync(X509Certificate? certificate, CancellationToken cancellationToken)
    {
        ConnectPacket packet = await ReadConnectAsync();
        if (packet.ClientId.Length > core.Limits.ClientIdLengthMax || (packet.ClientId.Length == 0 && !packet.CleanSession))
            throw await RefuseAsync(ConnectReturnCode.IdentifierRejected);
        string clientId = packet.ClientId.Length > 0 ? packet.ClientId : $"auto-{Guid.NewGuid():N}";
        var client = new BrokerClient(clientId, packet.UserName, connection.RemoteEndPoint);
        connection.ClientId = clientId;

        ReadOnlyMemory<byte>? password = packet.Password is { } bytes ? new ReadOnlyMemory<byte>(bytes) : null;
        ConnectReturnCode code = await core.Access.AuthenticateAsync(new ConnectRequest(client, password, certificate), cancellationToken);
        Array.Clear(packet.Password ?? []);
        if (code != ConnectReturnCode.Accepted)
            throw await RefuseAsync(code);
        cancellationToken.ThrowIfCancellationRequested();

        if (packet.Will is { } will && !core.MayPublish(client, will.Topic))
            throw await RefuseAsync(ConnectReturnCode.NotAuthorized);
        Session? session = core.Sessions.Attach(connection, client, packet.CleanSession, out bool isPresent);
        if (session is null)
            throw await RefuseAsync(ConnectReturnCode.NotAuthorized);
        try
        {
            await AnswerAsync(new ConnackPacket(ConnectReturnCode.Accepted, isPresent));
        }
        catch
        {
            core.Sessions.Detach(connection, session);
            throw;
        }
        return new Admitted(client, session, packet.Will, TimeSpan.FromSeconds(packet.KeepAlive));
    }

    private async ValueTask<ConnectPacket> ReadConnectAsync()
    {
        while (true)
        {
            ReadResult result = await input.ReadAsync();
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (MqttFrame.TryRead(ref buffer, core.Limits.PacketBytesMax, out MqttFrame frame))
            {
                if (frame.Type != PacketType.Connect)
                    throw MqttProtocolException.Violation($"The first packet is {frame.Type} instead of Connect.");
                ConnectPacket packet = await ReadAsync(frame);
                input.AdvanceTo(buffer.Start);
                return packet;
            }
            input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
                throw new MqttException(MqttErrorCodes.ConnectionLost, "The client closed the connection before CONNECT.");
        }
    }

    private async ValueTask<ConnectPacket> ReadAsync(MqttFrame frame)
    {
        try
        {
            return ConnectPacket.Read(frame);
        }
        catch (MqttProtocolException exception) when (exception.Code == MqttErrorCodes.Version)
        {
            await AnswerAsync(new ConnackPacket(ConnectReturnCode.UnacceptableProtocolVersion, SessionPresent: false));
            throw;
        }
    }

    private async ValueTask<MqttException> RefuseAsync(ConnectReturnCode code)
    {
        await AnswerAsync(new ConnackPacket(code, SessionPresent: false));
        return new MqttException(MqttErrorCodes.ConnectRefused, $"The client was refused: {code}.");
    }

    private async ValueTask AnswerAsync(ConnackPacket packet)
    {
        packet.Write(output);
        await output.FlushAsync();
    }
}
