using System.Diagnostics;
using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Link;
using EdgeMl.Mcu.Link.Framing;

namespace EdgeMl.Mcu.Bench.Link;

/// <summary>Requests and answers over a serial port that may lose, damage or break off anything. Used by one thread at a time.</summary>
internal sealed class LinkConnection : IDisposable
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReopenEvery = TimeSpan.FromMilliseconds(50);

    private readonly Func<SerialPort> _open;
    private readonly bool _canReopen;
    private readonly LinkOptions _options;
    private readonly FrameWriter _writer = new(FrameFormat.FrameBytesMax);
    private FrameReader _reader = new(FrameFormat.FrameBytesMax);
    private SerialPort? _port;
    private SerialLinkPort? _linkPort;
    private bool _wasOpen;
    private int _sequence = Random.Shared.Next(1 << 16);

    /// <summary>Nothing is opened before the first request.</summary>
    /// <param name="name">Name of the port, for messages.</param>
    /// <param name="open">Opens the port.</param>
    /// <param name="canReopen">Whether a port that was lost may be opened again.</param>
    /// <param name="options">How to wait.</param>
    public LinkConnection(string name, Func<SerialPort> open, bool canReopen, LinkOptions options)
    {
        Name = name;
        _open = open;
        _canReopen = canReopen;
        _options = options;
    }

    /// <summary>Name of the port.</summary>
    public string Name { get; }

    /// <summary>Size of the largest frame that the device takes.</summary>
    public int FrameBytes { get; set; } = FrameFormat.FrameBytesMin;

    /// <summary>Requests that were sent more than once.</summary>
    public int Repeats { get; private set; }

    /// <summary>How often the port was opened again.</summary>
    public int Reopened { get; private set; }

    /// <summary>Most bytes of a request's payload.</summary>
    public int PayloadMax => FrameBytes - FrameFormat.OverheadBytes;

    /// <summary>Sends a request until it is answered.</summary>
    /// <param name="kind">A number of <see cref="LinkKind"/>.</param>
    /// <param name="payload">Its payload, at most <see cref="PayloadMax"/> bytes.</param>
    /// <param name="patience">How long to try.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Status and payload of the answer.</returns>
    /// <exception cref="BenchException"><see cref="LinkErrorCodes.NoAnswer"/>, <see cref="LinkErrorCodes.Version"/>, or what the port says.</exception>
    public LinkAnswer Request(int kind, ReadOnlySpan<byte> payload, TimeSpan patience, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, PayloadMax);
        _sequence = (_sequence + 1) & 0xFFFF;
        _writer.Begin(kind, _sequence);
        _writer.WriteBytes(payload.ToArray(), 0, payload.Length);
        _writer.End(0);
        long begin = Stopwatch.GetTimestamp();
        TimeSpan wait = _options.FirstWait + TimeSpan.FromSeconds(10.0 * (payload.Length + FrameBytes) / _options.BaudRate);
        for (int attempt = 0; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TimeSpan left = patience - Stopwatch.GetElapsedTime(begin);
            try
            {
                if (left <= TimeSpan.Zero)
                    throw Unanswered(attempt, patience);
                Repeats += attempt > 0 ? 1 : 0;
                _writer.Send(Port());
                if (Await(kind, wait < left ? wait : left, cancellationToken) is { } answer)
                    return answer;
            }
            catch (BenchException e) when (MayComeBack(e) && left > TimeSpan.Zero)
            {
                Close();
                cancellationToken.WaitHandle.WaitOne(ReopenEvery);
            }
            wait = wait >= _options.LastWait ? wait : TimeSpan.FromTicks(Math.Min(2 * wait.Ticks, _options.LastWait.Ticks));
        }
    }

    /// <summary>Closes the port; the next request opens it again.</summary>
    public void Close()
    {
        _port?.Dispose();
        _port = null;
        _linkPort = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private SerialLinkPort Port()
    {
        if (_linkPort is not null)
            return _linkPort;
        _port = _open();
        if (_wasOpen)
            Reopened++;
        _wasOpen = true;
        _reader = new FrameReader(FrameFormat.FrameBytesMax);
        return _linkPort = new SerialLinkPort(_port);
    }

    private LinkAnswer? Await(int kind, TimeSpan wait, CancellationToken cancellationToken)
    {
        long begin = Stopwatch.GetTimestamp();
        SerialLinkPort port = Port();
        while (true)
        {
            while (_reader.Next())
            {
                if (_reader.Kind != (kind | LinkKind.Answer) || _reader.Sequence != _sequence)
                    continue;
                if (_reader.Version != FrameFormat.Version || _reader.Status == (int)LinkError.Version)
                    throw new LinkException(LinkErrorCodes.Version, $"The device on {Name} speaks version {_reader.Version} of the link protocol, this tool version {FrameFormat.Version}.", "Flash an application of the same release as 'edgeml'.", _reader.Status);
                return new LinkAnswer(_reader.Status, _reader.Buffer.AsSpan(_reader.PayloadOffset, _reader.PayloadLength).ToArray());
            }
            cancellationToken.ThrowIfCancellationRequested();
            TimeSpan left = wait - Stopwatch.GetElapsedTime(begin);
            if (left <= TimeSpan.Zero)
                return null;
            port.Wait = left < Slice ? left : Slice;
            _reader.Receive(port);
        }
    }

    // A board that restarts takes its USB port with it; it comes back under the same name, for a moment without the rights that the system gives it.
    private bool MayComeBack(BenchException e) =>
        _canReopen && _wasOpen && (e.Code is BenchErrorCodes.PortDisconnected or BenchErrorCodes.PortNotFound or BenchErrorCodes.PortBusy or BenchErrorCodes.PortDenied);

    private LinkException Unanswered(int attempts, TimeSpan patience) => new(
        LinkErrorCodes.NoAnswer, $"No device application answers on {Name}: asked {attempts} times in {patience.TotalSeconds:0.#} s.",
        "Is it the board's link port, at the right baud rate (docs/link.md), and does its application run? 'edgeml monitor' shows what it says.");
}
