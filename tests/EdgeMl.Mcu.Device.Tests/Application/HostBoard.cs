using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Device.Application;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Device.Energy;
using EdgeMl.Mcu.Device.Network;
using EdgeMl.Mcu.Device.Sensors;
using EdgeMl.Mcu.Device.Storage;
using EdgeMl.Mcu.Device.Tests.Network;
using EdgeMl.Mcu.Device.Tests.Sensors;
using EdgeMl.Mcu.Link.Ports;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Device.Tests.Application;

/// <summary>A board whose drive is a folder and whose analogue inputs and network a test sets.</summary>
internal sealed class HostBoard(string folder) : BoardPort
{
    private readonly string _root = folder + "/";

    public TestClock TestClock { get; } = new();

    public ScriptedNetwork ScriptedNetwork { get; } = new();

    public MqttTransport? Transport { get; set; }

    /// <summary>Reading of every analogue input, 0 to 4095.</summary>
    public int Reading { get; set; } = 4095;

    public int Reboots { get; private set; }

    public List<int> Sleeps { get; } = [];

    public List<string> Lines { get; } = [];

    public override string Name => "ESP32";

    public override DeviceClock Clock => TestClock;

    public override long Time => TestClock.Now;

    public override bool HasWoken => Sleeps.Count > 0;

    public override long Entropy { get; } = Environment.TickCount64;

    public override int FreeMemoryBytes => 80_000;

    public override FileStore Store => new DriveStore(_root, EnergyRecord.File + 1);

    public override LinkFiles Files => new DriveFiles(_root, DeviceConfiguration.FileName);

    public override LinkSettings? DefaultLink => null;

    public override int ReadConfiguration(byte[] buffer)
    {
        string path = _root + DeviceConfiguration.FileName;
        if (!File.Exists(path))
            return -1;
        byte[] content = File.ReadAllBytes(path);
        content.AsSpan(0, Math.Min(content.Length, buffer.Length)).CopyTo(buffer);
        return content.Length;
    }

    public override ByteSource? OpenModel(string name) => DriveSource.Open(_root + name);

    public override NetworkPort? OpenNetwork(DeviceConfiguration configuration) => Transport is null ? null : ScriptedNetwork;

    public override MqttTransport? OpenTransport(DeviceConfiguration configuration) => Transport;

    public override AnalogInput OpenAnalog(int channel) => new Input(this);

    public override RegisterBus OpenRegisters(SensorSettings settings) => new SimulatedChip();

    public override LinkPort? OpenLink(LinkSettings settings) => null;

    public override void SleepDeeply(int milliseconds) => Sleeps.Add(milliseconds);

    public override void Reboot() => Reboots++;

    public override void Log(string line) => Lines.Add(line);

    private sealed class Input(HostBoard board) : AnalogInput
    {
        public override int Max => 4095;

        public override int Read() => board.Reading;
    }
}
