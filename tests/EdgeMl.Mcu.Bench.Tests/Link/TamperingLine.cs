using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Link.Ports;
using EdgeMl.Mcu.Link.Server;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Bench.Tests.Link;

/// <summary>What a line does to the bytes that it carries, each way.</summary>
/// <param name="Corruption">Chance of a byte to arrive as another one.</param>
/// <param name="Truncation">Chance of a piece to lose its end.</param>
/// <param name="Disconnect">Chance, with each piece, that the port goes away; it comes back under its name.</param>
internal sealed record Tampering(double Corruption, double Truncation, double Disconnect);

/// <summary>
/// A link server behind two real pseudo terminals, between which a relay damages, cuts and breaks off what it carries. The name of the host's end stays over breaks.
/// </summary>
internal sealed class TamperingLine : IDisposable
{
    private const int FirstBreak = 25;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(2);

    private readonly TemporaryFolder _folder = new();
    private readonly PseudoTerminal _device = PseudoTerminal.Open();
    private readonly SerialPort _toDevice;
    private readonly Tampering _tampering;
    private readonly Random _random;
    private readonly Thread[] _threads;
    private readonly LinkServer _server;
    private PseudoTerminal _host;
    private volatile bool _closed;

    public TamperingLine(Tampering tampering, int seed, LinkBoard board, LinkLimits limits)
    {
        _tampering = tampering;
        _random = new Random(seed);
        _toDevice = SerialPort.Open(_device.Name);
        PortName = Path.Combine(_folder.Path, "link");
        _host = PseudoTerminal.Open(PortName);
        _server = new LinkServer(new VirtualLinkPort(_device.Port) { Wait = Slice }, board, limits);
        _threads = [new Thread(Serve) { IsBackground = true, Name = "Link server" }, new Thread(Relay) { IsBackground = true, Name = "Tampering" }];
        foreach (Thread thread in _threads)
            thread.Start();
    }

    public string PortName { get; }

    public int Damages { get; private set; }

    public int Breaks { get; private set; }

    public int RepeatsSeen => _server.Repeats;

    /// <summary>From now on nothing passes any more.</summary>
    public bool IsCut { get; set; }

    public void Dispose()
    {
        _closed = true;
        foreach (Thread thread in _threads)
            thread.Join();
        _host.Dispose();
        _toDevice.Dispose();
        _device.Dispose();
        _folder.Dispose();
    }

    private void Serve()
    {
        while (!_closed)
            _server.Step();
    }

    private void Relay()
    {
        byte[] buffer = new byte[4096];
        int pieces = 0;
        while (!_closed)
        {
            if ((Carry(_host.Port, _toDevice, buffer) | Carry(_toDevice, _host.Port, buffer)) && IsBreaking(++pieces))
            {
                Breaks++;
                _host.Dispose();
                _host = PseudoTerminal.Open(PortName);
            }
        }
    }

    // How many pieces there are depends on the machine, so one break is certain.
    private bool IsBreaking(int pieces) => _tampering.Disconnect > 0 && (pieces == FirstBreak || _random.NextDouble() < _tampering.Disconnect);

    private bool Carry(SerialPort from, SerialPort to, byte[] buffer)
    {
        int count = from.Read(buffer, Slice);
        if (count == 0 || IsCut)
            return false;
        for (int i = 0; i < count; i++)
        {
            if (_random.NextDouble() < _tampering.Corruption)
            {
                buffer[i] = (byte)_random.Next(256);
                Damages++;
            }
        }
        if (_random.NextDouble() < _tampering.Truncation)
        {
            count = _random.Next(count);
            Damages++;
        }
        to.Write(buffer.AsSpan(0, count), TimeSpan.FromSeconds(20));
        return true;
    }
}
