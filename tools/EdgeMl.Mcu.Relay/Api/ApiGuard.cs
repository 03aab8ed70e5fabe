using EdgeMl.Mcu.Relay.Audit;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Fleet;
using Microsoft.AspNetCore.Http;

namespace EdgeMl.Mcu.Relay.Api;

/// <summary>Checks API keys. Refusals go into the audit log, at most one in a second, so that nobody can fill the disk with them.</summary>
internal sealed class ApiGuard(RelayServices services)
{
    private const string Scheme = "Bearer ";
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private TimeSpan _nextLog;
    private int _unlogged;

    /// <summary>Finds out who asks, and requires a role.</summary>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.Unauthorized"/> or <see cref="RelayErrorCodes.Forbidden"/>.</exception>
    public async Task<Actor> RequireAsync(HttpContext context, Role role)
    {
        string? header = context.Request.Headers.Authorization;
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw new RelayException(RelayErrorCodes.Unauthorized, "The request shows no API key.", "Give a key (--api-key or EDGEML_API_KEY).", 401);
        if (services.ApiKeys.Authenticate(header[Scheme.Length..].Trim()) is not { } actor)
        {
            await LogAsync("api-key/?", context);
            throw new RelayException(RelayErrorCodes.Unauthorized, "The API key is unknown, expired or revoked.", "Give a valid key (--api-key or EDGEML_API_KEY).", 401);
        }
        if (actor.Role < role)
        {
            await LogAsync($"api-key/{actor.Name}", context);
            throw new RelayException(RelayErrorCodes.Forbidden, $"This needs the role {Name(role)}; the key has {Name(actor.Role)}.", $"Use a key with the role {Name(role)}.", 403);
        }
        return actor;
    }

    private async Task LogAsync(string subject, HttpContext context)
    {
        int others;
        lock (_lock)
        {
            _unlogged++;
            if (services.Clock.Elapsed < _nextLog)
                return;
            _nextLog = services.Clock.Elapsed + LogEvery;
            (others, _unlogged) = (_unlogged - 1, 0);
        }
        string detail = $"{context.Request.Method} {context.Request.Path} from {context.Connection.RemoteIpAddress}, and {others} refusals before it that were not logged";
        await services.Store.WriteAsync(connection => AuditLog.Append(connection, services.Clock, AuditLog.Relay, "api-key.refused", subject, detail));
    }

    private static string Name(Role role) => role.ToString().ToLowerInvariant();
}
