using System.Net;
using System.Net.Sockets;
using EdgeMl.Mcu.Mqtt.Client;
using EdgeMl.Mcu.Mqtt.Tests.Support;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Mqtt.Tests.Interoperation;

/// <summary>A mosquitto broker on a free port of the loopback interface. The test is skipped where it is not installed.</summary>
internal sealed class MosquittoBroker : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path = ExternalProgram.Need("mosquitto", "mosquitto");
    private readonly string _configuration;
    private ExternalProgram? _program;

    public MosquittoBroker(string access = "allow_anonymous true")
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            EndPoint = (IPEndPoint)probe.LocalEndpoint;
        }
        _configuration = _folder.Write("mosquitto.conf", $"listener {EndPoint.Port} 127.0.0.1\n{access.Replace("FOLDER", _folder.Path, StringComparison.Ordinal)}\n");
    }

    public IPEndPoint EndPoint { get; }

    public string Folder => _folder.Path;

    /// <summary>Starts it, also after <see cref="Kill"/>, and waits until it listens.</summary>
    public async Task StartAsync()
    {
        _program = ExternalProgram.Start(_path, "-c", _configuration);
        await Patience.UntilAsync(Listens, "mosquitto listens");
    }

    public void Kill()
    {
        _program?.Dispose();
        _program = null;
    }

    public MqttClientOptions Options(Mailbox<MqttMessage>? received = null) => Implementation.OptionsFor(EndPoint, received);

    public void Dispose()
    {
        Kill();
        _folder.Dispose();
    }

    private bool Listens()
    {
        Assert.False(_program!.HasExited, _program.HasExited ? _program.Errors : null);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(EndPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
