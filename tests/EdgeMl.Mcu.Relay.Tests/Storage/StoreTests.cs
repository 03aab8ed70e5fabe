using Dapper;
using EdgeMl.Mcu.Relay.Storage;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Relay.Tests.Storage;

public sealed class StoreTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly DataFolder _folder;

    public StoreTests() => _folder = new DataFolder(_temporary.File("data"));

    [Fact]
    public async Task Writes_that_wait_together_are_committed_together()
    {
        using var store = new Store(_folder);
        var gate = new TaskCompletionSource();
        Task<bool> blocking = store.WriteAsync(_ =>
        {
            gate.Task.Wait(TestContext.Current.CancellationToken);
            return true;
        });

        Task[] writes = [.. Enumerable.Range(0, 400).Select(i => store.WriteAsync(connection => connection.Execute("insert into leaf values (0, @i, x'00')", new { i })))];
        gate.SetResult();
        await Task.WhenAll([blocking, .. writes]);

        Assert.InRange(store.Commits, 1, 3);
        Assert.Equal(400, store.Read(connection => connection.ExecuteScalar<int>("select count(*) from leaf")));
    }

    [Fact]
    public async Task A_write_that_throws_changes_nothing_and_disturbs_no_other()
    {
        using var store = new Store(_folder);

        Task<bool> failing = store.WriteAsync<bool>(connection =>
        {
            connection.Execute("insert into leaf values (0, 1, x'00')");
            throw new InvalidOperationException("no");
        });
        Task good = store.WriteAsync(connection => connection.Execute("insert into leaf values (0, 2, x'00')"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        await good;
        Assert.Equal([2], store.Read(connection => connection.Query<int>("select leaf from leaf").ToArray()));
    }

    [Fact]
    public async Task A_full_disk_fails_the_write_and_the_next_one_works_when_there_is_room()
    {
        using var store = new Store(_folder, connection => connection.Execute("pragma max_page_count = 60"));
        int before = store.Read(connection => connection.ExecuteScalar<int>("select count(*) from leaf"));

        RelayException failure = await Assert.ThrowsAsync<RelayException>(() => store.WriteAsync(connection => connection.Execute("insert into leaf values (1, 1, zeroblob(1000000))")));

        Assert.Equal(RelayErrorCodes.Storage, failure.Code);
        Assert.False(store.IsHealthy);
        Assert.Equal(before, store.Read(connection => connection.ExecuteScalar<int>("select count(*) from leaf")));
        await store.WriteAsync(connection => connection.Execute("insert into leaf values (1, 1, x'00')"));
        Assert.True(store.IsHealthy);
    }

    [Fact]
    public void A_second_relay_on_the_folder_is_refused() =>
        Assert.Equal(RelayErrorCodes.DataFolder, Assert.Throws<RelayException>(() => new DataFolder(_folder.Root)).Code);

    [Fact]
    public async Task A_database_of_a_newer_relay_is_refused()
    {
        using (var store = new Store(_folder))
            await store.WriteAsync(connection => connection.Execute("pragma user_version = 999"));

        Assert.Equal(RelayErrorCodes.DataFolder, Assert.Throws<RelayException>(() => new Store(_folder)).Code);
    }

    [Fact]
    public void A_blob_that_is_damaged_on_disk_is_not_handed_out()
    {
        var blobs = new BlobStore(_folder);
        byte[] id = blobs.Write([1, 2, 3]);
        Assert.Equal([1, 2, 3], blobs.Read(id));

        File.WriteAllBytes(Directory.GetFiles(_folder.BlobFolder).Single(), [1, 2, 4]);

        Assert.Equal(RelayErrorCodes.Storage, Assert.Throws<RelayException>(() => blobs.Read(id)).Code);
    }

    [Fact]
    public void Files_of_the_relay_are_for_its_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no Unix file modes");
        if (OperatingSystem.IsWindows())
            return;
        new BlobStore(_folder).Write([1]);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.Root));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Directory.GetFiles(_folder.BlobFolder).Single()));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _temporary.Dispose();
    }
}
