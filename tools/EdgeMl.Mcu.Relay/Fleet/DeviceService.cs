using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Relay.Audit;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Messages;
using EdgeMl.Mcu.Relay.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeMl.Mcu.Relay.Fleet;

/// <summary>Enrols, tags, shows and revokes devices.</summary>
internal sealed class DeviceService(Store store, DeviceDirectory directory, RelayClock clock)
{
    private const int TokenBytes = 24;
    private const long LifetimeSecondsMax = 31_536_000;

    /// <summary>Devices, by name.</summary>
    public DeviceInfo[] List(DeviceQuery query) => store.Read(connection => DeviceSelection.Select(connection, query, withRevoked: true).Select(row => row.ToInfo()).ToArray());

    /// <summary>A device.</summary>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.NotFound"/>.</exception>
    public DeviceInfo Get(string id) => store.Read(connection => Find(connection, id)).ToInfo();

    /// <summary>Gives and takes tags.</summary>
    public Task<DeviceInfo> TagAsync(Actor actor, string id, TagChange change)
    {
        TagRules.Store([.. change.Add, .. change.Remove]);
        return store.WriteAsync(connection =>
        {
            string tags = TagRules.Store(TagRules.Load(Find(connection, id).Tags).Except(change.Remove).Concat(change.Add));
            connection.Execute("update device set tags = @tags where id = @id", new { tags, id });
            AuditLog.Append(connection, clock, actor.Name, "device.tag", $"device/{id}", tags);
            return Find(connection, id).ToInfo();
        });
    }

    /// <summary>Makes a one-time token.</summary>
    public Task<TokenInfo> CreateTokenAsync(Actor actor, TokenRequest request)
    {
        if (request.Device is { } name && !DeviceTopics.IsName(name))
            throw BadName(name);
        if (request.LifetimeSeconds is < 1 or > LifetimeSecondsMax)
            throw new RelayException(RelayErrorCodes.BadRequest, $"lifetimeSeconds is {request.LifetimeSeconds}; it is 1 to {LifetimeSecondsMax}.");
        string tags = TagRules.Store(request.Tags);
        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        DateTimeOffset expires = clock.SteadyTime.AddSeconds(request.LifetimeSeconds);
        return store.WriteAsync(connection =>
        {
            connection.Execute("delete from token where expires <= @now", new { now = clock.SteadyTime.ToUnixTimeMilliseconds() });
            connection.Execute(
                "insert into token(hash, device, tags, expires) values (@Hash, @Device, @tags, @Expires)",
                new { Hash = HashOf(token), request.Device, tags, Expires = expires.ToUnixTimeMilliseconds() });
            AuditLog.Append(connection, clock, actor.Name, "token.create", $"device/{request.Device ?? "*"}", $"until {expires:u}");
            return new TokenInfo { Token = token, Device = request.Device, ExpiresAt = expires };
        });
    }

    /// <summary>Redeems a token: the device is enrolled, or the token stays.</summary>
    /// <returns>The device's name and key.</returns>
    public async Task<(string Device, byte[] Key)> EnrollAsync(EnrollRequest request)
    {
        byte[] key = RandomNumberGenerator.GetBytes(DeviceSecrets.KeyBytes);
        byte[] hash = HashOf(request.Token ?? string.Empty);
        string device = await store.WriteAsync(connection =>
        {
            TokenRow token = connection.QueryFirstOrDefault<TokenRow>("select device Device, tags Tags, expires Expires from token where hash = @hash", new { hash })
                ?? throw NoToken("unknown or was used already");
            if (token.Expires <= clock.SteadyTime.ToUnixTimeMilliseconds())
                throw NoToken("expired");
            if (token.Device is not null && request.Device is not null && token.Device != request.Device)
                throw NoToken($"for the device '{token.Device}'");
            string id = token.Device ?? request.Device ?? throw new RelayException(RelayErrorCodes.BadRequest, "The token names no device; the request must.");
            if (!DeviceTopics.IsName(id))
                throw BadName(id);
            Insert(connection, id, key, token.Tags);
            connection.Execute("delete from token where hash = @hash", new { hash });
            AuditLog.Append(connection, clock, AuditLog.Relay, "device.enroll", $"device/{id}", token.Tags);
            return id;
        });
        directory.Set(device, key);
        return (device, key);
    }

    /// <summary>Revokes a device; its open orders end.</summary>
    public async Task<DeviceInfo> RevokeAsync(Actor actor, string id)
    {
        DeviceInfo info = await store.WriteAsync(connection =>
        {
            if (Find(connection, id).Revoked == 0)
            {
                connection.Execute("update device set revoked = 1, order_rollout = null, order_manifest = null where id = @id", new { id });
                connection.Execute("delete from session where device = @id", new { id });
                connection.Execute(
                    "update member set state = @Cancelled where device = @id and state in @open",
                    new { id, MemberState.Cancelled, open = new[] { MemberState.Waiting, MemberState.Ordered, MemberState.RollingBack } });
                AuditLog.Append(connection, clock, actor.Name, "device.revoke", $"device/{id}");
            }
            return Find(connection, id).ToInfo();
        });
        directory.Remove(id);
        return info;
    }

    /// <summary>Stored results of a device.</summary>
    public ResultInfo[] Results(string id, long after, int limit) => store.Read(connection =>
    {
        Find(connection, id);
        return connection.Query<(long Stored, byte[] Record)>(
            "select stored, record from result where device = @id and seq > @after order by seq limit @limit", new { id, after, limit })
            .Select(row => DeviceResults.ReadRecord(row.Record, DateTimeOffset.FromUnixTimeMilliseconds(row.Stored))).ToArray();
    });

    /// <summary>Number of devices that are not revoked, and of those that are connected.</summary>
    public (int Devices, int Online) Count() => (directory.Count, store.Read(connection => connection.ExecuteScalar<int>("select count(*) from session where online = 1")));

    private static DeviceRow Find(SqliteConnection connection, string id) =>
        connection.QueryFirstOrDefault<DeviceRow>($"{DeviceRow.Select} where d.id = @id", new { id })
        ?? throw new RelayException(RelayErrorCodes.NotFound, $"There is no device '{id}'.", "`edgeml devices list` shows all.", 404);

    private void Insert(SqliteConnection connection, string id, byte[] key, string tags)
    {
        int stored = connection.Execute(
            """
            insert into device(id, key, tags, enrolled) values (@id, @key, @tags, @Now)
            on conflict(id) do update set key = @key, tags = @tags, enrolled = @Now, revoked = 0, running = null, state = 255, error = 0 where revoked = 1
            """,
            new { id, key, tags, Now = clock.WallTimeMs });
        if (stored == 0)
            throw new RelayException(RelayErrorCodes.DeviceExists, $"A device '{id}' is enrolled already.", "Choose another name, or revoke the device first.", 409);
        connection.Execute("delete from result where device = @id", new { id });
    }

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static RelayException NoToken(string reason) => new(RelayErrorCodes.Token, $"The token is {reason}.", "Make a new token (`edgeml devices enroll`).", 403);

    private static RelayException BadName(string name) => new(RelayErrorCodes.BadRequest, $"'{name}' cannot name a device.", FleetTopics.NameRule);

    private sealed class TokenRow
    {
        public string? Device { get; init; }

        public string Tags { get; init; } = string.Empty;

        public long Expires { get; init; }
    }
}
