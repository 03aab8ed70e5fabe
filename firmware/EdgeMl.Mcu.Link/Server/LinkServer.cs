using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Link.Framing;
using EdgeMl.Mcu.Link.Ports;

namespace EdgeMl.Mcu.Link.Server;

/// <summary>
/// The device's side of the bench link (docs/link.md): answers one request at a time. A request that comes again because its answer was lost is answered again, not carried out again.
/// All memory but a model's is taken by the constructor. Used from the thread that runs the agent, between its steps.
/// </summary>
public sealed class LinkServer
{
    private const int StateKept = 1;
    private const int ByLayer = 2;
    private const int WithoutOutputs = 4;

    private readonly LinkPort _port;
    private readonly LinkBoard _board;
    private readonly FrameReader _reader;
    private readonly FrameWriter _writer;
    private readonly InferenceSession _session;
    private readonly Transfer _transfer;
    private readonly StateReporter _reporter;
    private int _lastSequence = -1;
    private int _lastChecksum;
    private bool _isRebooting;

    /// <summary>Creates a server.</summary>
    /// <param name="port">The serial line.</param>
    /// <param name="board">The board.</param>
    /// <param name="limits">How much it may take.</param>
    public LinkServer(LinkPort port, LinkBoard board, LinkLimits limits)
    {
        _port = port;
        _board = board;
        _reader = new FrameReader(limits.FrameBytes);
        _writer = new FrameWriter(limits.FrameBytes);
        _session = new InferenceSession(board);
        _transfer = new Transfer(limits, board.Files, _session);
        _reporter = new StateReporter(board, limits, _reader);
    }

    /// <summary>The agent that runs beside; null while there is none.</summary>
    public DeviceAgent Agent { get; set; }

    /// <summary>The sensor that takes samples from the link; null where the application has none.</summary>
    public FeedSensor Feed { get; set; }

    /// <summary>File of the model that was put by the link; null where there is none.</summary>
    public byte[] ModelFile => _session.File;

    /// <summary>Whether the agent's model is selected, not the link's own.</summary>
    public bool IsAgentsModelSelected => _session.IsAgents;

    /// <summary>Requests that were carried out since the start.</summary>
    public int Requests { get; private set; }

    /// <summary>Requests that came again and were answered again.</summary>
    public int Repeats { get; private set; }

    /// <summary>Takes what has arrived and answers one request. May take as long as an inference.</summary>
    /// <returns>Whether anything had arrived; where not, there is nothing to do for now.</returns>
    public bool Step()
    {
        bool hasArrived = _reader.Receive(_port);
        if (!_reader.Next())
            return hasArrived;
        // An answer is not for a device: the line echoes.
        if ((_reader.Kind & LinkKind.Answer) == 0)
            Answer();
        if (_isRebooting)
        {
            _isRebooting = false;
            _board.Reboot();
        }
        return true;
    }

    private void Answer()
    {
        int kind = _reader.Kind;
        bool isSameVersion = _reader.Version == FrameFormat.Version;
        bool isRepeated = _reader.Sequence == _lastSequence && _reader.Checksum == _lastChecksum;
        if (isRepeated && isSameVersion && kind != LinkKind.Identify)
        {
            Repeats++;
            _writer.Send(_port);
            return;
        }
        _lastSequence = _reader.Sequence;
        _lastChecksum = _reader.Checksum;
        Requests++;
        _writer.Begin(kind | LinkKind.Answer, _reader.Sequence);
        int status = isSameVersion ? Execute(kind) : (int)LinkError.Version;
        if (_writer.Failed)
        {
            _writer.Clear();
            status = (int)LinkError.Format;
        }
        _writer.End(status);
        _writer.Send(_port);
    }

    private int Execute(int kind)
    {
        switch (kind)
        {
            case LinkKind.Identify:
                return _reporter.Identify(_writer, Agent, Feed);
            case LinkKind.Assembly:
                return _reporter.Assembly(_writer);
            case LinkKind.Echo:
                _writer.WriteBytes(_reader.Buffer, _reader.PayloadOffset, _reader.PayloadLength);
                return 0;
            case LinkKind.Counters:
                return _reporter.Counters(_writer, Agent, Requests, Repeats);
            case LinkKind.Reboot:
                return (int)Reboot();
            case LinkKind.PutBegin:
                return _transfer.Begin(_reader, _writer);
            case LinkKind.PutBlock:
                return _transfer.Block(_reader, _writer);
            case LinkKind.PutState:
                return _transfer.Report(_writer);
            case LinkKind.PutCommit:
                return _transfer.Commit(_reader, _writer);
            case LinkKind.Select:
                return (int)Select();
            case LinkKind.Feed:
                return (int)(Feed == null ? LinkError.NotSupported : Feed.Take(_reader));
            case LinkKind.InputBlock:
            case LinkKind.Run:
            case LinkKind.OutputBlock:
            case LinkKind.LayerBlock:
            case LinkKind.SelfTest:
                return ExecuteOnModel(kind);
            default:
                return (int)LinkError.UnknownRequest;
        }
    }

    private int ExecuteOnModel(int kind)
    {
        if (_session.Interpreter == null)
            return (int)LinkError.NoModel;
        if (_session.IsAgents && (Agent == null || Agent.Interpreter != _session.Interpreter))
            return (int)LinkError.ModelChanged;
        switch (kind)
        {
            case LinkKind.InputBlock:
                return (int)TakeInput();
            case LinkKind.Run:
                return Run();
            case LinkKind.OutputBlock:
                return (int)GiveOutput();
            case LinkKind.LayerBlock:
                return (int)GiveLayers();
            default:
                return (int)_session.SelfTest();
        }
    }

    private LinkError Reboot()
    {
        if (_reader.PayloadLength != 4)
            return LinkError.Format;
        if (_reader.ReadInt32(0) != _board.StartId)
            return LinkError.Restarted;
        if (!_board.CanReboot)
            return LinkError.NotSupported;
        _isRebooting = true;
        return LinkError.None;
    }

    private LinkError Select()
    {
        if (_reader.PayloadLength != 1 || _reader.ReadByte(0) > 1)
            return LinkError.Format;
        LinkError error = _reader.ReadByte(0) == 0 ? _session.SelectOwn() : _session.SelectAgents(Agent?.Interpreter);
        if (error == LinkError.None)
            StateReporter.Describe(_writer, _session);
        return error;
    }

    private LinkError TakeInput()
    {
        int count = _reader.PayloadLength - 4;
        int offset = count < 0 ? -1 : _reader.ReadInt32(0);
        if (offset < 0 || count > _session.Inputs.Length - offset)
            return LinkError.Format;
        System.Array.Copy(_reader.Buffer, _reader.PayloadOffset + 4, _session.Inputs, offset, count);
        return LinkError.None;
    }

    private int Run()
    {
        if (_reader.PayloadLength != 1)
            return (int)LinkError.Format;
        int flags = _reader.ReadByte(0);
        bool byLayer = (flags & ByLayer) != 0;
        int error = _session.Run((flags & StateKept) != 0, byLayer);
        if (error != 0)
            return error;
        _writer.WriteInt64(_session.Time);
        if (byLayer)
            WriteLayers(0);
        else if ((flags & WithoutOutputs) == 0)
            WriteOutputs(0);
        return 0;
    }

    private LinkError GiveOutput()
    {
        if (_reader.PayloadLength != 4 || _reader.ReadInt32(0) < 0 || _reader.ReadInt32(0) > _session.Outputs.Length)
            return LinkError.Format;
        WriteOutputs(_reader.ReadInt32(0));
        return LinkError.None;
    }

    private LinkError GiveLayers()
    {
        if (_reader.PayloadLength != 2 || _reader.ReadUInt16(0) > _session.LayerTimes.Length)
            return LinkError.Format;
        WriteLayers(_reader.ReadUInt16(0));
        return LinkError.None;
    }

    private void WriteOutputs(int offset)
    {
        int count = _session.Outputs.Length - offset;
        _writer.WriteBytes(_session.Outputs, offset, count < _writer.Room ? count : _writer.Room);
    }

    private void WriteLayers(int first)
    {
        for (int i = first; i < _session.LayerTimes.Length && _writer.Room >= 4; i++)
            _writer.WriteInt32(_session.LayerTimes[i]);
    }
}
