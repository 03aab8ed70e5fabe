using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Models;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Agent.Updates;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Agent.Messages;

/// <summary>Composes <c>hello</c>: who the device is and what it runs.</summary>
internal sealed class HelloWriter
{
    private const int ProtocolVersion = 1;

    private readonly AgentContext _agent;
    private readonly StatusReporter _status;

    internal HelloWriter(AgentContext agent, StatusReporter status)
    {
        _agent = agent;
        _status = status;
    }

    /// <summary>Sends it.</summary>
    internal bool Send()
    {
        AgentSettings settings = _agent.Settings;
        JournalState journal = _agent.Slots.State;
        int battery = _agent.Health.BatteryPercent;
        bool hasRefused = journal.RefusedError != 0;
        LocalModel local = _agent.Host.Local;
        CborWriter writer = _agent.Uplink.Begin();
        writer.WriteMap(10 + (battery >= 0 ? 1 : 0) + (hasRefused ? 1 : 0) + (local != LocalModel.None ? 1 : 0));
        writer.WriteInteger(0);
        writer.WriteInteger(ProtocolVersion);
        writer.WriteInteger(1);
        writer.WriteBytes(_agent.Session.Nonce, 0, Session.NonceBytes);
        writer.WriteInteger(2);
        writer.WriteText(settings.Board);
        writer.WriteInteger(3);
        writer.WriteText(settings.Firmware);
        writer.WriteInteger(4);
        writer.WriteInteger(ModelFormat.RuntimeAbi);
        writer.WriteInteger(5);
        writer.WriteInteger(_agent.Health.FreeMemoryBytes);
        writer.WriteInteger(6);
        writer.WriteInteger(settings.SlotBytes);
        writer.WriteInteger(7);
        writer.WriteInteger(journal.KeyGeneration);
        writer.WriteInteger(8);
        writer.WriteInteger(journal.Epoch);
        writer.WriteInteger(9);
        _status.WriteRunning(writer);
        if (battery >= 0)
        {
            writer.WriteInteger(10);
            writer.WriteInteger(battery);
        }
        if (hasRefused)
        {
            writer.WriteInteger(11);
            journal.WriteRefusedId(writer);
        }
        if (local != LocalModel.None)
        {
            writer.WriteInteger(12);
            writer.WriteInteger((int)local);
        }
        return _agent.Uplink.Send(_agent.Topics.Hello, 1);
    }
}
