using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Agent.Updates;
using EdgeMl.Mcu.Bench.Flash;

namespace EdgeMl.Mcu.Bench.Devices;

/// <summary>
/// A device without a board: the agent and runtime of real ones on a simulated flash and a link. Power cuts, lost networks and clock jumps happen to it as
/// <see cref="DeviceFaults"/> says. <see cref="Step"/> is called by one thread at a time; properties may be read from others and are then a moment old.
/// </summary>
public sealed class VirtualDevice
{
    private readonly AgentSettings _settings;
    private readonly VirtualLink _link;
    private readonly TimeProvider _time;
    private readonly PowerSupply? _power;
    private readonly SimulatedFiles _files;
    private readonly Random _random;
    private readonly Func<Sensor?> _sensor;
    private readonly VirtualRandom _nonces;
    private DeviceFaults _faults = DeviceFaults.None;
    private VirtualClock _clock;
    private DeviceAgent? _agent;
    private long _onlineAt = long.MaxValue;

    /// <summary>Creates a device that is switched off.</summary>
    /// <param name="settings">Who it is.</param>
    /// <param name="link">Its network.</param>
    /// <param name="options">The rest; null for a blank device without faults.</param>
    public VirtualDevice(AgentSettings settings, VirtualLink link, VirtualDeviceOptions? options = null)
    {
        options ??= new VirtualDeviceOptions();
        _settings = settings;
        _link = link;
        _time = options.Time;
        _random = new Random(options.Seed);
        _nonces = new VirtualRandom(options.Seed);
        _power = options.CanLosePower ? new PowerSupply() : null;
        _files = new SimulatedFiles(options.Image, _power) { CapacityBytes = options.FlashBytes };
        _sensor = options.Sensor;
        _clock = new VirtualClock(_time);
        link.Seed(options.Seed);
        Faults = options.Faults;
    }

    /// <summary>Device id.</summary>
    public string Id => _settings.Device;

    /// <summary>What goes wrong from now on.</summary>
    public DeviceFaults Faults
    {
        get => _faults;
        set
        {
            _faults = value;
            _link.Faults = value;
            PlanPowerCut();
        }
    }

    /// <summary>Its network.</summary>
    public VirtualLink Link => _link;

    /// <summary>Its board.</summary>
    public VirtualBoard Board { get; } = new();

    /// <summary>Its flash.</summary>
    public SimulatedFiles Files => _files;

    /// <summary>The agent that runs; null while the device is switched off.</summary>
    public DeviceAgent? Agent => _agent;

    /// <summary>Times that it started.</summary>
    public int Starts { get; private set; }

    /// <summary>How far its order is.</summary>
    public UpdateState State => _agent?.State ?? UpdateState.Idle;

    /// <summary>Id of the manifest whose model runs; null while none does.</summary>
    public byte[]? RunningId
    {
        get
        {
            DeviceAgent? agent = _agent;
            if (agent is null || agent.Running == Slot.None || agent.Interpreter is null)
                return null;
            byte[] id = new byte[JournalLayout.IdBytes];
            agent.Journal.CopyManifestId(agent.Running, id, 0);
            return id;
        }
    }

    /// <summary>Takes the power away at once; the next <see cref="Step"/> starts the device again.</summary>
    public void CutPower()
    {
        if (_power is not null)
            _files.Restart(_files.Survivor(_random.Next(_files.VariantCount)));
        SwitchOff();
    }

    /// <summary>Plans the next power cut, for a device that can lose power.</summary>
    /// <param name="operations">Storage operations until then, 1 or more.</param>
    public void CutPowerAfter(int operations)
    {
        if (_power is not null)
            _power.CutAt = _power.Operations + operations;
    }

    /// <summary>Starts the device if it is off, and does what is to be done now.</summary>
    /// <returns>Milliseconds until there is something to do, unless <see cref="VirtualLink.Woken"/> says so before.</returns>
    public int Step()
    {
        try
        {
            Disturb();
            return Math.Min((_agent ?? SwitchOn()).Step(), WaitForNetwork());
        }
        catch (PowerCutException)
        {
            SwitchOff();
            return 0;
        }
    }

    private DeviceAgent SwitchOn()
    {
        Starts++;
        PlanPowerCut();
        _clock = new VirtualClock(_time);
        var agent = new DeviceAgent(_settings, _link, _files, _clock, _nonces, Board, _sensor());
        agent.Boot();
        return _agent = agent;
    }

    private void SwitchOff()
    {
        _agent = null;
        _link.Disconnect();
    }

    private void Disturb()
    {
        long now = _time.GetTimestamp();
        if (now >= _onlineAt)
        {
            _link.SetOffline(false);
            _onlineAt = long.MaxValue;
        }
        if (_onlineAt == long.MaxValue && Happens(_faults.GoingOffline))
        {
            _link.SetOffline(true);
            _onlineAt = now + (long)(_random.NextDouble() * _faults.OfflineMax.TotalSeconds * _time.TimestampFrequency);
        }
        if (Happens(_faults.ClockJump))
            _clock.Jump(_faults.ClockJumpMax * ((_random.NextDouble() * 2) - 1));
    }

    private int WaitForNetwork() =>
        _onlineAt == long.MaxValue ? int.MaxValue : (int)Math.Clamp((_onlineAt - _time.GetTimestamp()) * 1000 / _time.TimestampFrequency, 0, int.MaxValue);

    private void PlanPowerCut()
    {
        if (_power is null)
            return;
        bool isPlanned = _faults.OperationsPerPowerCut > 0;
        _power.CutAt = isPlanned ? _power.Operations + 1 + _random.Next(2 * _faults.OperationsPerPowerCut) : 0;
        _power.CutVariant = _random.Next(1 << 16);
    }

    private bool Happens(double chance) => chance > 0 && _random.NextDouble() < chance;
}
