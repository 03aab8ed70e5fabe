namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>The sessions by client identifier. Thread-safe.</summary>
internal sealed class SessionStore(BrokerLimits limits, BrokerCounters counters, Router router)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_lock)
                return _sessions.Count;
        }
    }

    /// <summary>Gives a connection its session: the one that the client left, or a new one. A connection that has it now is closed.</summary>
    /// <param name="connection">The new connection.</param>
    /// <param name="client">Whose session it is.</param>
    /// <param name="isClean">Whether an earlier session is given up, and this one ends with the connection.</param>
    /// <param name="isPresent">Whether an earlier session goes on.</param>
    /// <returns>Null if the session belongs to another user.</returns>
    public Session? Attach(BrokerConnection connection, BrokerClient client, bool isClean, out bool isPresent)
    {
        lock (_lock)
        {
            isPresent = false;
            Session? session = _sessions.GetValueOrDefault(client.ClientId);
            if (session is not null)
            {
                if (session.UserName != client.UserName)
                    return null;
                session.Connection?.Abort("another connection of the same client took over");
                isPresent = !isClean && !session.IsClean;
                if (!isPresent)
                    Discard(session);
            }
            if (session is null || !isPresent)
            {
                if (_sessions.Count >= limits.SessionsMax)
                    DiscardLongestAway();
                session = new Session(client.ClientId, client.UserName, isClean, limits, counters);
                _sessions.Add(client.ClientId, session);
            }
            session.Connection = connection;
            session.Outbound.Attach(connection.OutboundSignal);
            return session;
        }
    }

    /// <summary>Ends a connection's hold of its session, unless another connection has it already.</summary>
    public void Detach(BrokerConnection connection, Session session)
    {
        lock (_lock)
        {
            if (session.Connection != connection)
                return;
            session.Connection = null;
            session.DisconnectedAt = Environment.TickCount64;
            session.Outbound.Detach(connection.OutboundSignal);
            if (session.IsClean)
                Discard(session);
        }
    }

    /// <summary>Discards the sessions that have been away for too long.</summary>
    public void DiscardExpired(long now)
    {
        lock (_lock)
        {
            double expiry = limits.SessionExpiry.TotalMilliseconds;
            foreach (Session session in _sessions.Values)
            {
                // A dictionary allows removal during enumeration.
                if (session.Connection is null && now - session.DisconnectedAt > expiry)
                    Discard(session);
            }
        }
    }

    private void DiscardLongestAway()
    {
        if (_sessions.Values.Where(session => session.Connection is null).MinBy(session => session.DisconnectedAt) is { } longest)
            Discard(longest);
    }

    // The router first: afterwards nothing is added to the queue.
    private void Discard(Session session)
    {
        router.Remove(session);
        session.Outbound.Clear();
        session.Connection = null;
        _sessions.Remove(session.ClientId);
    }
}
