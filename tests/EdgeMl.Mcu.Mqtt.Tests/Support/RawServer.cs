using System.Net;
using System.Net.Sockets;
using EdgeMl.Mcu.Mqtt.Packets;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Mqtt.Tests.Support;

/// <summary>A broker's side of connections, step by step.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public RawServer() => _listener.Start();

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>The next client, which was told that it is connected.</summary>
    public async Task<RawConnection> AcceptAsync(bool sessionPresent = false)
    {
        RawConnection connection = await AcceptSilentlyAsync();
        await connection.ReceiveAsync<ConnectPacket>();
        await connection.SendAsync(new ConnackPacket(ConnectReturnCode.Accepted, sessionPresent));
        return connection;
    }

    /// <summary>The next client, which was told nothing.</summary>
    public async Task<RawConnection> AcceptSilentlyAsync() =>
        new(await _listener.AcceptSocketAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience.Limit));

    public void Dispose() => _listener.Dispose();
}
