using System.Net;
using System.Net.Sockets;
using Xunit;

namespace EdgeMl.Mcu.Testing.Brokers;

/// <summary>Somebody else's MQTT broker, a real program on free ports of the loopback interface. The test is skipped where it is not installed.</summary>
public abstract class ExternalBroker : IDisposable
{
    private readonly List<ExternalProgram> _programs = [];

    /// <summary>Chooses a port.</summary>
    protected ExternalBroker() => EndPoint = new IPEndPoint(IPAddress.Loopback, FreePort());

    /// <summary>Where it takes MQTT connections.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>A folder that exists as long as the broker; its state survives <see cref="Kill"/>.</summary>
    public TemporaryFolder Folder { get; } = new();

    /// <summary>Starts it, also after <see cref="Kill"/>, and waits until it serves clients.</summary>
    public async Task StartAsync()
    {
        await LaunchAsync();
        await Patience.UntilAsync(IsReady, $"{GetType().Name} serves clients");
    }

    /// <summary>Ends it as a power cut would, with everything that it started.</summary>
    public void Kill()
    {
        foreach (ExternalProgram program in Enumerable.Reverse(_programs))
            program.Dispose();
        _programs.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Kill();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts its programs with <see cref="Run"/>.</summary>
    protected abstract Task LaunchAsync();

    /// <summary>Whether it serves clients, as far as its programs tell beyond listening.</summary>
    protected virtual bool IsReadyToServe() => true;

    /// <summary>Starts a program that ends with the broker.</summary>
    protected void Run(string path, IReadOnlyDictionary<string, string>? environment, params string[] arguments) =>
        _programs.Add(ExternalProgram.Start(path, environment, arguments));

    /// <summary>A port that nobody uses now.</summary>
    protected static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private bool IsReady()
    {
        foreach (ExternalProgram program in _programs)
            Assert.False(program.HasExited, program.Errors);
        if (!IsReadyToServe())
            return false;
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
