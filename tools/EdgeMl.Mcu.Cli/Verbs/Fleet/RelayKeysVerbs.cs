using System.CommandLine;
using System.Globalization;
using EdgeMl.Mcu.Relay.Client;
using Spectre.Console;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml relay keys</c>: the API keys of a relay.</summary>
internal static class RelayKeysVerbs
{
    private const int SecondsPerDay = 86400;

    /// <summary>The group of verbs.</summary>
    public static Command Create(Terminal terminal) => new("keys", "Make, list and revoke the API keys of a relay.") { New(terminal), List(terminal), Revoke(terminal) };

    private static VerbCommand New(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "Whose key it is; named in the audit log." };
        var role = new Option<Role>("--role") { Description = "What it may do.", DefaultValueFactory = _ => Role.Viewer };
        var days = new Option<double?>("--days") { Description = "Days until it expires; without it never.", HelpName = "N" };
        var command = new VerbCommand("new", "Make an API key.", "edgeml relay keys new alice --role operator --days 90") { name, role, days };
        return RelayVerb.Asking(command, terminal,
            (parse, relay, stop) => relay.CreateApiKeyAsync(
                new ApiKeyRequest
                {
                    Name = parse.GetRequiredValue(name),
                    Role = parse.GetValue(role),
                    LifetimeSeconds = parse.GetValue(days) is double lifetime ? (long)Math.Ceiling(lifetime * SecondsPerDay) : null,
                }, stop),
            key =>
            {
                terminal.Output.WriteLine(key.Key);
                terminal.Error.WriteLine($"{key.Role.ToString().ToLowerInvariant()} key of {key.Name}. It is not shown again.");
            });
    }

    private static VerbCommand List(Terminal terminal)
    {
        var command = new VerbCommand("list", "List the API keys, without their secrets.", "edgeml relay keys list");
        return RelayVerb.Asking(command, terminal, (_, relay, stop) => relay.ApiKeysAsync(stop), keys =>
        {
            Table table = new Table().Border(TableBorder.Simple).AddColumns("id", "name", "role", "expires");
            foreach (ApiKeyInfo key in keys)
            {
                string end = key.IsRevoked ? "revoked" : key.ExpiresAt is { } time ? time.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "never";
                table.AddRow(Markup.Escape(key.Id), Markup.Escape(key.Name), key.Role.ToString().ToLowerInvariant(), end);
            }
            terminal.Draw(table);
        });
    }

    private static VerbCommand Revoke(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The key's id; 'edgeml relay keys list' shows them." };
        var command = new VerbCommand("revoke", "Accept an API key no longer.", "edgeml relay keys revoke 3f9a") { id };
        return RelayVerb.Asking(command, terminal, (parse, relay, stop) => relay.RevokeApiKeyAsync(parse.GetRequiredValue(id), stop), key => terminal.Output.WriteLine($"revoked {key.Id} of {key.Name}"));
    }
}
