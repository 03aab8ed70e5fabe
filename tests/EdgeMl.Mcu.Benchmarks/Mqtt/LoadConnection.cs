using System.Buffers;
using System.Net;
using System.Net.Sockets;
using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Benchmarks.Mqtt;

/// <summary>A bare connection to a broker: sends ready-made bytes and counts packets by their length, so that the load costs little.</summary>
internal static class LoadConnection
{
    /// <summary>Connects a client and waits for the consent.</summary>
    public static async Task<Socket> OpenAsync(IPEndPoint broker, string clientId)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(broker);
        await SendAsync(socket, new ConnectPacket { ClientId = clientId, CleanSession = true, KeepAlive = 0 });
        byte[] answer = await ReadAsync(socket, 4);
        return answer is [0x20, 2, _, 0] ? socket : throw new InvalidOperationException($"The broker refused the connection: {Convert.ToHexString(answer)}.");
    }

    public static byte[] Bytes<TPacket>(TPacket packet)
        where TPacket : IOutgoingPacket
    {
        var output = new ArrayBufferWriter<byte>();
        packet.Write(output);
        return output.WrittenSpan.ToArray();
    }

    public static async Task SendAsync<TPacket>(Socket socket, TPacket packet)
        where TPacket : IOutgoingPacket => await socket.SendAsync(Bytes(packet));

    public static async Task<byte[]> ReadAsync(Socket socket, int count)
    {
        byte[] bytes = new byte[count];
        for (int done = 0; done < count;)
        {
            int read = await socket.ReceiveAsync(bytes.AsMemory(done));
            done += read > 0 ? read : throw new IOException("The broker closed the connection.");
        }
        return bytes;
    }
}
