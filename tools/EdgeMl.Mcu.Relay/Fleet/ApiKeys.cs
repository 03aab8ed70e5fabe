using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using EdgeMl.Mcu.Relay.Audit;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeMl.Mcu.Relay.Fleet;

/// <summary>Who acts: an API key that was accepted.</summary>
/// <param name="Name">Whose key it is.</param>
/// <param name="Role">What it may do.</param>
internal sealed record Actor(string Name, Role Role);

/// <summary>The keys of the HTTP API: <c>edgeml_ID_SECRET</c>. Of the secret, 32 random bytes, only the SHA-256 is stored.</summary>
internal sealed class ApiKeys(Store store, RelayClock clock)
{
    private const string Prefix = "edgeml_";
    private const int IdBytes = 8;
    private const int SecretBytes = 32;
    private const int NameLengthMax = 64;
    private const long LifetimeSecondsMax = 100L * 366 * 86_400;

    private const string Columns = "id, name, role, hash, created, expires, revoked";

    /// <summary>Makes the first key of a new relay, for a publisher, and gives it to be shown once; null if there are keys.</summary>
    /// <param name="keep">Puts the key where its owner finds it, before it is valid.</param>
    public Task<string?> CreateFirstAsync(Action<string> keep) => store.WriteAsync(connection =>
    {
        if (connection.ExecuteScalar<long>("select count(*) from api_key") > 0)
            return null;
        ApiKeyCreated created = Insert(connection, new ApiKeyRequest { Name = "first", Role = Role.Publisher });
        keep(created.Key);
        AuditLog.Append(connection, clock, AuditLog.Relay, "api-key.create", $"api-key/{created.Id}", "first publisher");
        return created.Key;
    });

    /// <summary>Makes a key.</summary>
    public Task<ApiKeyCreated> CreateAsync(Actor actor, ApiKeyRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > NameLengthMax || request.Name.Any(char.IsControl))
            throw new RelayException(RelayErrorCodes.BadRequest, $"The name of a key has 1 to {NameLengthMax} characters.");
        if (!Enum.IsDefined(request.Role))
            throw new RelayException(RelayErrorCodes.BadRequest, "The role is viewer, operator or publisher.");
        if (request.LifetimeSeconds is <= 0 or > LifetimeSecondsMax)
            throw new RelayException(RelayErrorCodes.BadRequest, $"lifetimeSeconds is {request.LifetimeSeconds}; it is 1 to {LifetimeSecondsMax}.");
        return store.WriteAsync(connection =>
        {
            ApiKeyCreated created = Insert(connection, request);
            AuditLog.Append(connection, clock, actor.Name, "api-key.create", $"api-key/{created.Id}", $"{request.Name}, {request.Role.ToString().ToLowerInvariant()}");
            return created;
        });
    }

    /// <summary>Revokes a key. The last publisher's key that is valid cannot be revoked.</summary>
    public Task<ApiKeyInfo> RevokeAsync(Actor actor, string id) => store.WriteAsync(connection =>
    {
        Row row = Find(connection, id) ?? throw new RelayException(RelayErrorCodes.NotFound, $"There is no API key '{id}'.", statusCode: 404);
        bool isLast = !connection.Query<Row>($"select {Columns} from api_key").Any(other => other.Id != id && other.Role == (long)Role.Publisher && IsValid(other));
        if (row.Role == (long)Role.Publisher && isLast)
            throw new RelayException(RelayErrorCodes.Conflict, "This is the last valid key of a publisher.", "Make another one first.", 409);
        connection.Execute("update api_key set revoked = 1 where id = @id", new { id });
        AuditLog.Append(connection, clock, actor.Name, "api-key.revoke", $"api-key/{id}", row.Name);
        return Info(row) with { IsRevoked = true };
    });

    /// <summary>All keys.</summary>
    public ApiKeyInfo[] List() => store.Read(connection => connection.Query<Row>($"select {Columns} from api_key order by created").Select(Info).ToArray());

    /// <summary>Finds out who shows a key; null if it is not valid.</summary>
    public Actor? Authenticate(string key)
    {
        string[] parts = key.Split('_', 3);
        if (parts.Length != 3 || parts[0] + "_" != Prefix)
            return null;
        Row? row = store.Read(connection => Find(connection, parts[1]));
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(parts[2]));
        return row is not null && CryptographicOperations.FixedTimeEquals(hash, row.Hash) && IsValid(row) ? new Actor(row.Name, (Role)row.Role) : null;
    }

    private bool IsValid(Row row) => row.Revoked == 0 && (row.Expires is null || row.Expires > clock.SteadyTime.ToUnixTimeMilliseconds());

    private static Row? Find(SqliteConnection connection, string id) => connection.QueryFirstOrDefault<Row>($"select {Columns} from api_key where id = @id", new { id });

    private ApiKeyCreated Insert(SqliteConnection connection, ApiKeyRequest request)
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        string secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var row = new Row
        {
            Id = id,
            Name = request.Name,
            Role = (long)request.Role,
            Hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret)),
            Created = clock.WallTimeMs,
            Expires = request.LifetimeSeconds is { } seconds ? clock.SteadyTime.AddSeconds(seconds).ToUnixTimeMilliseconds() : null,
        };
        connection.Execute("insert into api_key(id, name, role, hash, created, expires) values (@Id, @Name, @Role, @Hash, @Created, @Expires)", row);
        ApiKeyInfo info = Info(row);
        return new ApiKeyCreated { Id = id, Name = info.Name, Role = info.Role, CreatedAt = info.CreatedAt, ExpiresAt = info.ExpiresAt, Key = $"{Prefix}{id}_{secret}" };
    }

    private static ApiKeyInfo Info(Row row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Role = (Role)row.Role,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Created),
        ExpiresAt = row.Expires is { } expires ? DateTimeOffset.FromUnixTimeMilliseconds(expires) : null,
        IsRevoked = row.Revoked != 0,
    };

    private sealed class Row
    {
        public string Id { get; init; } = string.Empty;

        public string Name { get; init; } = string.Empty;

        public long Role { get; init; }

        public byte[] Hash { get; init; } = [];

        public long Created { get; init; }

        public long? Expires { get; init; }

        public long Revoked { get; init; }
    }
}
