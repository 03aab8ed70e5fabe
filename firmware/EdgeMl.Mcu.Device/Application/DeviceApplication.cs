using System.Reflection;
using System.Threading;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Agent.Updates;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Device.Energy;
using EdgeMl.Mcu.Device.Network;
using EdgeMl.Mcu.Device.Sensors;
using EdgeMl.Mcu.Device.Storage;
using EdgeMl.Mcu.Link.Ports;
using EdgeMl.Mcu.Link.Server;

namespace EdgeMl.Mcu.Device.Application;

/// <summary>The application of a board: agent, sensor, bench link and energy policy in one loop. A board without a configuration serves the bench link only.</summary>
public sealed class DeviceApplication
{
    private const int LinkEvery = 5;
    private const int WaitMax = 1_000;
    private const int FeedBytesMax = 8_192;
    private const int FeedEvery = 20;

    private readonly BoardPort _board;
    private readonly LoopGuard _guard;
    private readonly AutoResetEvent _work;
    private readonly AutoResetEvent _news;
    private SupervisedLink _link;
    private LinkServer _server;
    private EnergyManager _energy;
    private DeviceHealth _health;
    private WindowSensor _window;
    private FeedSensor _feed;

    /// <summary>Creates the application; nothing of the board is used yet.</summary>
    /// <param name="board">The board.</param>
    /// <param name="work">Wakes the thread of the network.</param>
    /// <param name="news">Wakes the loop.</param>
    public DeviceApplication(BoardPort board, AutoResetEvent work, AutoResetEvent news)
    {
        _board = board;
        _work = work;
        _news = news;
        _guard = new LoopGuard(board);
    }

    /// <summary>Version of the application, as in <c>hello</c>.</summary>
    public static string Firmware { get; } = Assembly.GetExecutingAssembly().GetName().Version.ToString();

    /// <summary>The agent; null on a board without a configuration.</summary>
    public DeviceAgent Agent { get; private set; }

    /// <summary>Watches the loop, in a thread of its own.</summary>
    public LoopGuard Guard => _guard;

    /// <summary>The body of the network's own thread; null on a board without a network or a configuration.</summary>
    public SupervisedLink Link => _link;

    /// <summary>What the device does to spare energy; null on a board without a configuration.</summary>
    public EnergyManager Energy => _energy;

    /// <summary>Reads the configuration and starts what it names. No thread is started.</summary>
    /// <returns>What is wrong with the configuration, which is in the log too.</returns>
    public DeviceError Start()
    {
        DeviceError error = ReadConfiguration(out DeviceConfiguration configuration);
        if (configuration != null)
            Start(configuration);
        LinkSettings link = configuration != null && configuration.Link != null ? configuration.Link : _board.DefaultLink;
        LinkPort port = link == null ? null : _board.OpenLink(link);
        if (port != null)
        {
            _server = new LinkServer(port, new LinkedBoard(_board, Firmware, configuration == null ? "" : configuration.Device), new LinkLimits())
            {
                Agent = Agent,
                Feed = _feed,
            };
        }
        return error;
    }

    /// <summary>Does one round of the loop.</summary>
    /// <returns>Milliseconds until the next is due, unless <c>news</c> is set before; 0 for at once.</returns>
    public int Step()
    {
        _guard.Feed();
        bool isServed = _server != null && _server.Step();
        int wait = _server == null ? WaitMax : LinkEvery;
        if (Agent != null)
        {
            int next = StepAgent();
            wait = next < wait ? next : wait;
        }
        return isServed ? 0 : wait;
    }

    /// <summary>Runs the loop for as long as the device runs.</summary>
    public void Run()
    {
        while (true)
        {
            int wait = Step();
            if (wait > 0)
                _news.WaitOne(wait, false);
        }
    }

    private int StepAgent()
    {
        long now = _board.Clock.Milliseconds;
        bool isUpdating = Agent.State > UpdateState.Idle && Agent.State < UpdateState.Confirmed;
        _energy.Step(now, _board.Time, _health.BatteryPercent, isUpdating);
        if (_window != null)
            _window.Interval = _energy.Level.IntervalMilliseconds;
        int error = Agent.SetEconomy(_energy.Level.RunsEconomyModel);
        if (error != 0)
            _board.Log("economy model: error " + error.ToString());
        if (_link != null)
        {
            _link.Enable(_energy.IsRadioOn);
            if (_link.IsStuck)
            {
                _board.Log("the network hangs: restart");
                _board.Reboot();
            }
        }
        int wait = Agent.Step();
        now = _board.Clock.Milliseconds;
        bool isOffline = _link == null || _link.HasLeft;
        // What the agent waits for beside inferences is the network, which is not there.
        int sleep = isOffline && !isUpdating ? _energy.SleepMilliseconds(now, Agent.InferenceWait) : 0;
        if (sleep > 0)
            _board.SleepDeeply(sleep);
        int radio = _energy.Wait(now);
        return radio < wait ? radio : wait;
    }

    private DeviceError ReadConfiguration(out DeviceConfiguration configuration)
    {
        configuration = null;
        byte[] file = new byte[DeviceConfiguration.FileBytesMax];
        int length = _board.ReadConfiguration(file);
        var reader = new ConfigurationReader();
        DeviceError error = length < 0 ? DeviceError.ConfigurationMissing : reader.Read(file, length, out configuration);
        if (error != DeviceError.None)
            _board.Log("configuration: error " + ((int)error).ToString() + ", key " + reader.FailedKey.ToString());
        return error;
    }

    private void Start(DeviceConfiguration configuration)
    {
        FileStore store = _board.Store;
        AgentSettings settings = configuration.AgentSettings(_board.Name, Firmware);
        settings.FactoryModel = _board.OpenModel(BoardPort.ModelName);
        settings.EconomyModel = _board.OpenModel(BoardPort.EconomyModelName);
        _health = new DeviceHealth(_board, configuration.Battery);
        _energy = new EnergyManager(configuration.Energy, configuration.Sensor.IntervalMilliseconds, store);
        _energy.Open(_board.Clock.Milliseconds, _board.Time, _board.HasWoken);
        NetworkPort network = _board.OpenNetwork(configuration);
        MqttTransport transport = network == null ? null : _board.OpenTransport(configuration);
        if (transport != null)
            _link = new SupervisedLink(transport, network, _board.Clock, _work, _news);
        DeviceLink link = _link;
        if (link == null)
            link = new NoLink();
        if (store == null)
            store = new NoStore();
        var random = new KeyedRandom(configuration.DeviceKey, _board.Entropy);
        Agent = new DeviceAgent(settings, link, store, _board.Clock, random, _health, OpenSensor(configuration.Sensor));
        int error = Agent.Boot();
        _board.Log(configuration.Device + ": slot " + ((int)Agent.Running).ToString() + ", local model " + ((int)Agent.Local).ToString() + ", error " + error.ToString());
    }

    private Sensor OpenSensor(SensorSettings settings)
    {
        if (settings.Kind == SensorKind.Feed)
        {
            _feed = new FeedSensor(FeedBytesMax, FeedEvery);
            return _feed;
        }
        SampleSource source = OpenSource(settings);
        if (source != null)
            _window = new WindowSensor(source, _board.Clock, settings.PeriodMicroseconds, settings.IntervalMilliseconds);
        else if (settings.Kind != SensorKind.None)
            _board.Log("the board has no sensor of kind " + ((int)settings.Kind).ToString());
        return _window;
    }

    private SampleSource OpenSource(SensorSettings settings)
    {
        if (settings.Kind == SensorKind.Analog)
        {
            AnalogInput input = _board.OpenAnalog(settings.Channel);
            return input == null ? null : new AnalogSource(input);
        }
        if (settings.Kind != SensorKind.Accelerometer)
            return null;
        RegisterBus bus = _board.OpenRegisters(settings);
        if (bus == null)
            return null;
        if (settings.Chip == AccelerometerChip.Lis3dh)
            return new Lis3dh(bus, settings.RangeG);
        return new Mpu6050(bus, settings.RangeG);
    }
}
