using System.Buffers;
using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>An answer to a client: an acknowledgement, PINGRESP, or SUBACK with its return codes.</summary>
internal readonly record struct ControlPacket(PacketType Type, ushort PacketId = 0, byte[]? ReturnCodes = null) : IOutgoingPacket
{
    /// <inheritdoc/>
    public void Write(IBufferWriter<byte> output)
    {
        if (ReturnCodes is not null)
            new SubackPacket(PacketId, ReturnCodes).Write(output);
        else if (Type == PacketType.Pingresp)
            new EmptyPacket(Type).Write(output);
        else
            new AcknowledgementPacket(Type, PacketId).Write(output);
    }
}

/// <summary>The answers that a connection's reader leaves to its writer. A client that does not take its answers is not read from any further.</summary>
internal sealed class ControlQueue(AsyncSignal writer)
{
    private const int LengthMax = 1_000;

    private readonly Lock _lock = new();
    private readonly Queue<ControlPacket> _packets = new();
    private readonly AsyncSignal _drained = new();

    public void Add(ControlPacket packet)
    {
        lock (_lock)
            _packets.Enqueue(packet);
        writer.Set();
    }

    public bool TryTake(out ControlPacket packet)
    {
        lock (_lock)
            return _packets.TryDequeue(out packet);
    }

    /// <summary>Waits until there are few answers, or <see cref="Close"/>. One task at a time waits.</summary>
    public ValueTask WaitForRoomAsync() => IsFull() ? WaitUntilDrainedAsync() : ValueTask.CompletedTask;

    /// <summary>Told by the writer when it has sent what it took.</summary>
    public void OnSent() => _drained.Set();

    public void Close() => _drained.Complete();

    private async ValueTask WaitUntilDrainedAsync()
    {
        while (await _drained.WaitAsync() && IsFull())
        {
        }
    }

    private bool IsFull()
    {
        lock (_lock)
            return _packets.Count > LengthMax;
    }
}
