using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Bench.Flash;
using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Bench.WireProtocol;
using EdgeMl.Mcu.Link.Server;

namespace EdgeMl.Mcu.Bench.Devices.Boards;

/// <summary>The device application on a virtual board, from a start to the next restart or loss of power: agent and link server on one thread, as on a device.</summary>
internal sealed class VirtualApplication : IDisposable
{
    private const int SampleBytesMax = 64 * 1024;
    private const int FeedMilliseconds = 10;
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(5);

    private readonly VirtualSerialBoard _wire;
    private readonly VirtualLinkPort _port;
    private readonly VirtualLinkBoard _board;
    private readonly LinkServer _server;
    private readonly MqttDeviceLink? _network;
    private readonly DeviceAgent? _agent;
    private readonly Thread _thread;
    private readonly Action _restart;
    private volatile bool _isOver;

    /// <summary>Starts it.</summary>
    /// <param name="options">The board.</param>
    /// <param name="wire">Its CLR, with its files.</param>
    /// <param name="line">Its end of the link's line.</param>
    /// <param name="flash">The agent's storage.</param>
    /// <param name="meter">Counts work; null where nothing can.</param>
    /// <param name="start">Number of the start, from 1.</param>
    /// <param name="restart">Restarts the CLR; called when the application is over.</param>
    public VirtualApplication(VirtualBenchBoardOptions options, VirtualSerialBoard wire, SerialPort line, SimulatedFiles flash, WorkMeter? meter, int start, Action restart)
    {
        _wire = wire;
        _restart = restart;
        _port = new VirtualLinkPort(line);
        var random = new Random(HashCode.Combine(options.Seed, start));
        _board = new VirtualLinkBoard(options, wire, flash, meter, random.Next());
        _server = new LinkServer(_port, _board, new LinkLimits());
        _board.Server = _server;
        if (wire.FileAt(VirtualBoardFiles.PathOf(options.ConfigurationFile)) is { } file && options.Configure?.Invoke(file) is { } membership)
        {
            AgentSettings settings = membership.Settings;
            _board.FactoryModel = wire.FileAt(VirtualBoardFiles.PathOf(options.ModelFile));
            settings.FactoryModel = _board.FactoryModel is { } model ? new MemorySource(model) : null;
            _board.DeviceId = settings.Device;
            _network = new MqttDeviceLink(membership.Broker);
            var feed = new FeedSensor(SampleBytesMax, FeedMilliseconds);
            _agent = new DeviceAgent(settings, _network, flash, new VirtualClock(TimeProvider.System), new VirtualRandom(random.Next()), new VirtualBoard(), feed);
            _server.Agent = _agent;
            _server.Feed = feed;
        }
        _thread = new Thread(Run) { IsBackground = true, Name = $"Virtual application on {line.Name}" };
        _thread.Start();
    }

    /// <summary>Ends it, at the latest after the step that it is in, and waits for that.</summary>
    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        _network?.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void Run()
    {
        try
        {
            _agent?.Boot();
            while (!_isOver && !_board.IsRebooting)
                Step();
        }
        catch (PowerCutException)
        {
            // The flash has what survived.
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // As the CLR does with an exception that nobody caught: it says so, and the program is over.
            _wire.Print($"    ++++ Exception {exception.GetType().FullName}: {exception.Message} ++++\r\n");
        }
        _network?.Disconnect();
        if (_board.IsRebooting && !_isOver)
            _ = Task.Run(_restart);
    }

    private void Step()
    {
        int wait = _agent?.Step() ?? int.MaxValue;
        _port.Wait = wait == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Min(wait, Idle.TotalMilliseconds));
        _server.Step();
    }
}
