using System.Diagnostics.CodeAnalysis;
using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Mqtt.Client;

/// <summary>The QoS 1 messages on their way, in the order of publication, and the connection that new ones go to. Thread-safe.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore without a wait handle holds nothing; callers may still be leaving it when the client ends.")]
internal sealed class PublishWindow(int lengthMax, PacketIds ids)
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _room = new(lengthMax, lengthMax);
    private readonly List<PendingPublish> _pending = [];
    private ClientConnection? _connection;
    private Exception? _closedReason;

    /// <summary>The connection that is ready for everything, or null.</summary>
    public ClientConnection? Connection
    {
        get
        {
            lock (_lock)
                return _connection;
        }
    }

    /// <summary>Waits for room and adds a message.</summary>
    /// <returns>The message, and where to send it; without a connection the next one sends it.</returns>
    public async ValueTask<(PendingPublish Pending, ClientConnection? Connection, OutgoingPublish Packet)> AddAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        lock (_lock)
        {
            if (_closedReason is not null)
            {
                _room.Release();
                throw _closedReason;
            }
            var pending = new PendingPublish(message, ids.Take());
            _pending.Add(pending);
            return (pending, _connection, _connection is null ? default : pending.SendOn(_connection));
        }
    }

    /// <summary>PUBACK: the message has arrived.</summary>
    public void Acknowledge(ushort id)
    {
        lock (_lock)
        {
            int index = _pending.FindIndex(pending => pending.Id == id);
            if (index < 0)
                return;
            _pending[index].Acknowledge();
            _pending.RemoveAt(index);
            ids.Return(id);
            _room.Release();
        }
    }

    /// <summary>The next message that a new connection has to send; if there is none, the connection gets all new messages from now on.</summary>
    public bool TryTakeUnsent(ClientConnection connection, out OutgoingPublish packet)
    {
        lock (_lock)
        {
            PendingPublish? next = _pending.Find(pending => pending.SentOn != connection);
            packet = next?.SendOn(connection) ?? default;
            if (next is null)
                _connection = connection;
            return next is not null;
        }
    }

    /// <summary>No new messages go to a connection that has ended.</summary>
    public void Detach(ClientConnection connection)
    {
        lock (_lock)
        {
            if (_connection == connection)
                _connection = null;
        }
    }

    /// <summary>Whether the message sent longest ago on a connection was sent before a time.</summary>
    public bool IsOverdue(ClientConnection connection, long sentBefore)
    {
        lock (_lock)
            return _pending.Exists(pending => pending.SentOn == connection && pending.SentAt < sentBefore);
    }

    /// <summary>Gives up all messages and takes no more.</summary>
    public void Close(Exception reason)
    {
        lock (_lock)
        {
            _closedReason ??= reason;
            _connection = null;
            foreach (PendingPublish pending in _pending)
            {
                pending.GiveUp(reason);
                ids.Return(pending.Id);
                _room.Release();
            }
            _pending.Clear();
        }
    }
}
