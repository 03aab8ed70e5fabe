using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Bench.Link;
using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Link.Ports;
using EdgeMl.Mcu.Link.Server;

namespace EdgeMl.Mcu.Bench.Tests.Link;

/// <summary>A link server at one end of a real pseudo terminal, on a thread of its own, and a client at the other end.</summary>
internal sealed class ServedLine : IDisposable
{
    private readonly PseudoTerminal _line = PseudoTerminal.Open();
    private readonly Thread _thread;
    private volatile bool _closed;

    public ServedLine(LinkBoard board, LinkLimits? limits = null, FeedSensor? feed = null)
    {
        Server = new LinkServer(new VirtualLinkPort(_line.Port) { Wait = TimeSpan.FromMilliseconds(20) }, board, limits ?? new LinkLimits()) { Feed = feed };
        Client = LinkClient.Open(_line.Name);
        _thread = new Thread(Serve) { IsBackground = true, Name = "Link server" };
        _thread.Start();
    }

    public LinkServer Server { get; }

    public LinkClient Client { get; }

    public void Dispose()
    {
        Client.Dispose();
        _closed = true;
        _thread.Join();
        _line.Dispose();
    }

    private void Serve()
    {
        while (!_closed)
            Server.Step();
    }
}
