using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Link.Framing;
using EdgeMl.Mcu.Link.Ports;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Link.Server;

/// <summary>Composes the answers that tell who the device is and how it is.</summary>
internal sealed class StateReporter
{
    private const int HasFiles = 1;
    private const int CanReboot = 2;
    private const int HasFeed = 4;
    private const int HasAgent = 8;

    private readonly LinkBoard _board;
    private readonly LinkLimits _limits;
    private readonly FrameReader _reader;
    private readonly byte[] _manifest = new byte[JournalLayout.IdBytes];

    internal StateReporter(LinkBoard board, LinkLimits limits, FrameReader reader)
    {
        _board = board;
        _limits = limits;
        _reader = reader;
    }

    internal int Identify(FrameWriter answer, DeviceAgent agent, FeedSensor feed)
    {
        answer.WriteByte(FrameFormat.Version);
        answer.WriteByte((_board.Files != null ? HasFiles : 0) | (_board.CanReboot ? CanReboot : 0) | (feed != null ? HasFeed : 0) | (agent != null ? HasAgent : 0));
        answer.WriteUInt16(ModelFormat.RuntimeAbi);
        answer.WriteUInt16(_limits.FrameBytes);
        answer.WriteUInt16(_board.AssemblyCount);
        answer.WriteInt32(_board.StartId);
        answer.WriteInt32(_board.TotalMemoryBytes);
        answer.WriteInt32(_limits.ModelBytesMax);
        answer.WriteInt32(_limits.FileBytesMax);
        answer.WriteInt32(_board.TimerStepNanoseconds);
        answer.WriteText(_board.Board);
        answer.WriteText(_board.Firmware);
        answer.WriteText(_board.Device);
        return 0;
    }

    internal int Assembly(FrameWriter answer)
    {
        if (_reader.PayloadLength != 2 || _reader.ReadUInt16(0) >= _board.AssemblyCount)
            return (int)LinkError.Format;
        int index = _reader.ReadUInt16(0);
        for (int part = 0; part < 4; part++)
            answer.WriteUInt16(_board.AssemblyVersion(index, part));
        answer.WriteText(_board.AssemblyName(index));
        return 0;
    }

    internal int Counters(FrameWriter answer, DeviceAgent agent, int requests, int repeats)
    {
        if (_reader.PayloadLength != 1)
            return (int)LinkError.Format;
        if (_reader.ReadByte(0) != 0)
            _board.CollectGarbage();
        answer.WriteInt64(_board.Microseconds);
        answer.WriteInt32(_board.FreeMemoryBytes);
        answer.WriteInt32(_board.LargestFreeBlockBytes);
        answer.WriteInt32(_board.GarbageCollections);
        answer.WriteInt32(requests);
        answer.WriteInt32(repeats);
        answer.WriteInt32(_reader.Damaged);
        if (agent != null)
            WriteAgent(answer, agent);
        return 0;
    }

    /// <summary>What the selected model needs.</summary>
    internal static void Describe(FrameWriter answer, InferenceSession session)
    {
        Model model = session.Interpreter.Model;
        answer.WriteUInt16(model.LayerCount);
        answer.WriteByte(model.InputCount);
        answer.WriteByte(model.OutputCount);
        answer.WriteInt32(session.Inputs.Length);
        answer.WriteInt32(session.Outputs.Length);
        answer.WriteInt32(model.ArenaBytes);
        answer.WriteInt32(model.ScratchBytes);
        answer.WriteInt32(model.PackedBytes);
        answer.WriteInt32(model.ResidentBytes);
        answer.WriteInt32(model.PageBytes);
    }

    private void WriteAgent(FrameWriter answer, DeviceAgent agent)
    {
        AgentCounters counters = agent.Counters;
        JournalState journal = agent.Journal;
        answer.WriteByte((int)agent.State);
        answer.WriteByte(agent.LastError);
        answer.WriteByte((int)agent.Running);
        answer.WriteByte(agent.Interpreter == null ? 0 : 1);
        answer.WriteInt32(journal.Attempt);
        answer.WriteInt32(journal.Epoch);
        answer.WriteInt32(agent.Inferences);
        answer.WriteInt32(agent.ResultsWaiting);
        answer.WriteInt32(agent.ResultsDropped);
        answer.WriteInt32(counters.Unverified);
        answer.WriteInt32(counters.Stale);
        answer.WriteInt32(counters.Malformed);
        answer.WriteInt32(counters.Damaged);
        answer.WriteInt32(counters.Chunks);
        answer.WriteInt32(counters.Requests);
        if (agent.Running == Slot.None)
            System.Array.Clear(_manifest, 0, _manifest.Length);
        else
            journal.CopyManifestId(agent.Running, _manifest, 0);
        answer.WriteBytes(_manifest, 0, _manifest.Length);
    }
}
