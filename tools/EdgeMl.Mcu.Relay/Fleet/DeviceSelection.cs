using System.Text.RegularExpressions;
using Dapper;
using EdgeMl.Mcu.Relay.Client;
using Microsoft.Data.Sqlite;

namespace EdgeMl.Mcu.Relay.Fleet;

/// <summary>Finds the devices that a query means.</summary>
internal static class DeviceSelection
{
    private const int NamesMax = 10_000;

    /// <summary>Devices, by name.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="query">Which ones.</param>
    /// <param name="withRevoked">Whether revoked devices count.</param>
    public static IReadOnlyList<DeviceRow> Select(SqliteConnection connection, DeviceQuery query, bool withRevoked)
    {
        Func<DeviceRow, bool> matches = Matcher(query);
        return [.. connection.Query<DeviceRow>($"{DeviceRow.Select} where d.revoked <= @withRevoked order by d.id", new { withRevoked }).Where(matches)];
    }

    /// <summary>Whether a query means a device.</summary>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.BadRequest"/>.</exception>
    public static Func<DeviceRow, bool> Matcher(DeviceQuery query)
    {
        if (query.Names is null || query.Tags is null || query.Names.Count > NamesMax || query.Names.Any(name => name is null) || query.Tags.Any(tag => tag is null))
            throw new RelayException(RelayErrorCodes.BadRequest, $"A query has lists of tags and at most {NamesMax} names.");
        HashSet<string> exact = [.. query.Names.Where(name => !name.Contains('*', StringComparison.Ordinal))];
        Regex[] patterns = [.. query.Names.Where(name => name.Contains('*', StringComparison.Ordinal)).Select(Pattern)];
        return device =>
            (query.Board is null || device.Board == query.Board)
            && (query.Running is null || device.Version == query.Running || $"{device.Name}@{device.Version}" == query.Running)
            && (query.Names.Count == 0 || exact.Contains(device.Id) || patterns.Any(pattern => pattern.IsMatch(device.Id)))
            && (query.Tags.Count == 0 || query.Tags.All(TagRules.Load(device.Tags).Contains));
    }

    private static Regex Pattern(string name) =>
        new($"^{string.Join(".*", name.Split('*').Select(Regex.Escape))}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}
