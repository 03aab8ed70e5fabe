using System.Text;
using EdgeMl.Mcu.Relay.Audit;
using EdgeMl.Mcu.Relay.Storage;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Relay.Tests.Audit;

public sealed class AuditLogTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly DataFolder _folder;
    private readonly Store _store;

    public AuditLogTests()
    {
        _folder = new DataFolder(_temporary.File("data"));
        _store = new Store(_folder);
    }

    [Fact]
    public async Task An_exported_log_verifies_offline()
    {
        string[] lines = await WriteAsync(20);

        AuditVerification verification = AuditLog.Verify(Stream(lines));

        Assert.Equal(20, verification.Entries);
        Assert.Contains(verification.LastHash, lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_log_verifies() => Assert.Equal(0, AuditLog.Verify(Stream([])).Entries);

    [Theory]
    [InlineData("\"actor\":\"ann\"", "\"actor\":\"bob\"")]
    [InlineData("\"detail\":\"5 \\u0022x\\u0022 \\u003C\\u00E4\"", "\"detail\":\"6\"")]
    [InlineData("\"seq\":6", "\"seq\":7")]
    public async Task A_changed_entry_is_named(string from, string to)
    {
        string[] lines = await WriteAsync(10);
        Assert.Contains(from, lines[5], StringComparison.Ordinal);
        lines[5] = lines[5].Replace(from, to, StringComparison.Ordinal);

        RelayException failure = Assert.Throws<RelayException>(() => AuditLog.Verify(Stream(lines)));

        Assert.Equal(RelayErrorCodes.AuditBroken, failure.Code);
        Assert.Contains("Line 6", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_was_removed_inserted_or_moved_is_named()
    {
        string[] lines = await WriteAsync(10);

        Assert.Contains("Line 4", Refused([.. lines[..3], .. lines[4..]]), StringComparison.Ordinal);
        Assert.Contains("Line 4", Refused([.. lines[..3], lines[2], .. lines[3..]]), StringComparison.Ordinal);
        Assert.Contains("Line 4", Refused([.. lines[..3], lines[4], lines[3], .. lines[5..]]), StringComparison.Ordinal);
        Assert.Contains("Line 1", Refused(lines[1..]), StringComparison.Ordinal);
        Assert.Contains("Line 3", Refused([.. lines[..2], "{}", .. lines[2..]]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_damaged_byte_is_noticed()
    {
        byte[] log = Encoding.UTF8.GetBytes(string.Join('\n', await WriteAsync(3)));
        var random = new Random(1);
        for (int i = 0; i < 500; i++)
        {
            byte[] damaged = [.. log];
            int index = random.Next(log.Length);
            // An end of line may be written in several ways.
            if (log[index] == '\n')
                continue;
            damaged[index] ^= (byte)(1 + random.Next(127));
            Assert.Throws<RelayException>(() => AuditLog.Verify(new MemoryStream(damaged)));
        }
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
        _temporary.Dispose();
    }

    private static MemoryStream Stream(IEnumerable<string> lines) => new(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    private static string Refused(IEnumerable<string> lines) => Assert.Throws<RelayException>(() => AuditLog.Verify(Stream(lines))).Message;

    private async Task<string[]> WriteAsync(int count)
    {
        var clock = new RelayClock(TimeProvider.System);
        for (int i = 0; i < count; i++)
        {
            string detail = $"{i} \"x\" <ä";
            await _store.WriteAsync(connection => AuditLog.Append(connection, clock, "ann", "rollout.pause", $"rollout/{i}", detail));
        }
        return [.. AuditLog.Lines(_store)];
    }
}
