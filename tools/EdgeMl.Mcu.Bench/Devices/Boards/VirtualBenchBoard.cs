using EdgeMl.Mcu.Bench.Flash;
using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Bench.WireProtocol;

namespace EdgeMl.Mcu.Bench.Devices.Boards;

/// <summary>
/// A board without hardware that other programs reach by two serial ports: the CLR's Wire Protocol on one, and on the other the bench link of the device application, once that has been deployed. The
/// application is the device's own link server, agent and runtime; a configuration that was put on it makes it join a fleet over real MQTT. Deployment, files and the agent's flash survive restarts and
/// power cuts. Linux and macOS.
/// </summary>
/// <remarks>
/// Nothing of the deployed assemblies is executed: whether they include the application decides whether it starts. The times that it reports for inferences are counted, not measured: executed IL by the
/// prices of <see cref="Metering.Costs.InstructionCosts"/> times <see cref="VirtualBenchBoardOptions.NanosecondsPerIl"/>, the same in each run. They tell nothing about silicon beyond that number.
/// </remarks>
public sealed class VirtualBenchBoard : IDisposable
{
    private readonly VirtualBenchBoardOptions _options;
    private readonly PseudoTerminal _wireLine;
    private readonly PseudoTerminal _linkLine;
    private readonly PowerSupply _power = new();
    private readonly SimulatedFiles _flash;
    private readonly VirtualSerialBoard _wire;
    private readonly WorkMeter? _meter;
    private readonly Random _random;
    private readonly Lock _switching = new();
    private VirtualApplication? _application;
    private volatile bool _isLosingPower;
    private bool _isOn;
    private int _starts;

    /// <summary>Makes a board and switches it on.</summary>
    /// <param name="options">What it is; null for an ESP32 without an application.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.PortUnsuitable"/>: the system has no pseudo terminals.</exception>
    public VirtualBenchBoard(VirtualBenchBoardOptions? options = null)
    {
        _options = options ?? new VirtualBenchBoardOptions();
        _random = new Random(_options.Seed);
        _flash = new SimulatedFiles(null, _power);
        _power.Observer = OnOperation;
        _meter = _options.RuntimeImages.Count > 0 ? new WorkMeter(_options.RuntimeImages) : null;
        _wireLine = PseudoTerminal.Open(_options.WirePortLink);
        _linkLine = PseudoTerminal.Open(_options.LinkPortLink);
        _wire = new VirtualSerialBoard(_wireLine.Port, _options.Target, _options.Platform, _options.Sectors, _options.SectorBytes) { HasBuiltInProgram = _options.HasApplication };
        _wire.ProgramStarted += OnProgramStarted;
        _wire.ProgramStopped += StopApplication;
        SwitchOn();
    }

    /// <summary>Name of the serial port that speaks the Wire Protocol.</summary>
    public string WirePort => _wireLine.Name;

    /// <summary>Name of the serial port that speaks the bench link.</summary>
    public string LinkPort => _linkLine.Name;

    /// <summary>Its CLR.</summary>
    public VirtualSerialBoard Wire => _wire;

    /// <summary>The agent's flash; to be looked at while the board is off.</summary>
    public SimulatedFiles Flash => _flash;

    /// <summary>How often the application started.</summary>
    public int Starts => Volatile.Read(ref _starts);

    /// <summary>Gives it power. Does nothing where it has.</summary>
    public void SwitchOn()
    {
        lock (_switching)
        {
            if (_isOn)
                return;
            _isOn = true;
            _isLosingPower = false;
        }
        _wire.SwitchOn();
    }

    /// <summary>
    /// Takes the power away, in the middle of what it does. What the application had not flushed is lost, kept or torn; see <see cref="SimulatedFiles"/>. Does nothing where it is off.
    /// </summary>
    public void SwitchOff()
    {
        lock (_switching)
        {
            if (!_isOn)
                return;
            _isOn = false;
        }
        _isLosingPower = true;
        _wire.SwitchOff();
        _flash.Restart(_flash.Survivor(_random.Next(_flash.VariantCount)));
    }

    /// <summary>Switches it off and unplugs it.</summary>
    public void Dispose()
    {
        SwitchOff();
        _wire.Dispose();
        _wireLine.Dispose();
        _linkLine.Dispose();
        _meter?.Dispose();
    }

    // Power fails at the first operation after the switch was turned, while the operation is under way.
    private void OnOperation(IVolatileMemory memory, StorageOperation operation)
    {
        if (!_isLosingPower)
            return;
        _power.CutVariant = _random.Next(1 << 16);
        _power.CutAt = _power.Operations;
    }

    private void OnProgramStarted()
    {
        if (_options.HasApplication || _wire.Loaded.Any(assembly => assembly.Name == _options.ApplicationAssembly))
            StartApplication();
    }

    private void StartApplication()
    {
        lock (_switching)
        {
            if (!_isOn)
                return;
            _application?.Dispose();
            _application = new VirtualApplication(_options, _wire, _linkLine.Port, _flash, _meter, ++_starts, _wire.Restart);
        }
    }

    private void StopApplication()
    {
        lock (_switching)
        {
            _application?.Dispose();
            _application = null;
        }
    }
}
