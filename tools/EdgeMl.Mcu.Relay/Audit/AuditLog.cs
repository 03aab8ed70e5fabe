using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeMl.Mcu.Relay.Audit;

/// <summary>The append-only log of what operators did and rollouts became.</summary>
/// <remarks>
/// One line of JSON for each entry; its <c>hash</c> is SHA-256 over the hash of the entry before it (32 bytes) and the UTF-8 of the line's members from <c>seq</c> to
/// <c>detail</c>, as <see cref="HashOf"/> says. So nothing can be changed, removed or inserted before the last entry without every later hash being wrong; that
/// the end was not cut off shows by comparing with an earlier export.
/// </remarks>
public static class AuditLog
{
    /// <summary>The actor of what the relay does by itself.</summary>
    internal const string Relay = "relay";

    private static readonly string FirstPrevious = new('0', 2 * SHA256.HashSizeInBytes);

    /// <summary>Checks an exported log, without a relay.</summary>
    /// <param name="log">Lines of JSON, oldest first, from entry 1 on.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.AuditBroken"/>: names the first line that does not fit.</exception>
    public static async Task<AuditVerification> VerifyAsync(Stream log, CancellationToken cancellationToken = default)
    {
        using var reader = new StreamReader(log, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        string previous = FirstPrevious;
        long count = 0;
        DateTimeOffset? first = null, last = null;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            count++;
            AuditEntry entry = Parse(line, count);
            if (entry.Seq != count)
                throw Broken(count, $"it has number {entry.Seq}");
            if (entry.Previous != previous)
                throw Broken(count, "it does not follow the entry before it");
            if (entry.Hash != HashOf(entry))
                throw Broken(count, "its content is not what was written");
            previous = entry.Hash;
            first ??= entry.Time;
            last = entry.Time;
        }
        return new AuditVerification(count, previous, first, last);
    }

    /// <summary>Checks an exported log; see <see cref="VerifyAsync"/>.</summary>
    public static AuditVerification Verify(Stream log) => VerifyAsync(log).GetAwaiter().GetResult();

    /// <summary>The hash that an entry must have: 64 hex digits.</summary>
    public static string HashOf(AuditEntry entry)
    {
        byte[] previous = Convert.FromHexString(entry.Previous);
        string content = JsonSerializer.Serialize(
            new { entry.Seq, Time = entry.Time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture), entry.Actor, entry.Action, entry.Subject, entry.Detail }, RelayJson.Options);
        return Convert.ToHexStringLower(SHA256.HashData([.. previous, .. Encoding.UTF8.GetBytes(content)]));
    }

    /// <summary>Appends an entry within a write.</summary>
    internal static void Append(SqliteConnection connection, RelayClock clock, string actor, string action, string subject, string detail = "")
    {
        (long Seq, byte[] Hash)? last = connection.QueryFirstOrDefault<(long, byte[])?>("select seq, hash from audit order by seq desc limit 1");
        var entry = new AuditEntry
        {
            Seq = (last?.Seq ?? 0) + 1,
            Time = clock.WallTime.ToUniversalTime(),
            Actor = actor,
            Action = action,
            Subject = subject,
            Detail = detail,
            Previous = last is { } before ? Convert.ToHexStringLower(before.Hash) : FirstPrevious,
            Hash = string.Empty,
        };
        entry = entry with { Hash = HashOf(entry) };
        connection.Execute(
            "insert into audit(seq, subject, hash, line) values (@Seq, @Subject, @Hash, @Line)",
            new { entry.Seq, entry.Subject, Hash = Convert.FromHexString(entry.Hash), Line = JsonSerializer.Serialize(entry, RelayJson.Options) });
    }

    /// <summary>All lines, oldest first, read in pages so that writers are not held up.</summary>
    internal static IEnumerable<string> Lines(Store store)
    {
        const int Page = 1_000;
        for (long after = 0; ;)
        {
            string[] lines = store.Read(connection => connection.Query<string>(
                "select line from audit where seq > @after order by seq limit @Page", new { after, Page }).ToArray());
            foreach (string line in lines)
                yield return line;
            after += lines.Length;
            if (lines.Length < Page)
                yield break;
        }
    }

    /// <summary>The entries about a subject, oldest first.</summary>
    internal static AuditEntry[] Of(SqliteConnection connection, string subject) =>
        [.. connection.Query<string>("select line from audit where subject = @subject order by seq", new { subject }).Select((line, index) => Parse(line, index + 1))];

    private static AuditEntry Parse(string line, long number)
    {
        try
        {
            AuditEntry? entry = JsonSerializer.Deserialize<AuditEntry>(line, RelayJson.Options);
            if (entry is { Previous: { Length: 2 * SHA256.HashSizeInBytes } previous, Actor: not null, Action: not null, Subject: not null, Detail: not null, Hash: not null } && previous.All(char.IsAsciiHexDigitLower)
                && JsonSerializer.Serialize(entry, RelayJson.Options) == line)
            {
                return entry;
            }
        }
        catch (JsonException)
        {
            // The line is no entry.
        }
        throw Broken(number, "it is no entry of an audit log");
    }

    private static RelayException Broken(long line, string reason) => new(
        RelayErrorCodes.AuditBroken, $"Line {line} of the audit log does not fit: {reason}.", line > 1 ? "Everything before it is as it was written; compare with an earlier export." : null);
}
