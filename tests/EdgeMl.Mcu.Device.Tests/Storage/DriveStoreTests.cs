using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Bench.Flash;
using EdgeMl.Mcu.Device.Storage;
using EdgeMl.Mcu.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Device.Tests.Storage;

/// <summary>The store on real files.</summary>
public sealed class DriveStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _next;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_calls_give_on_a_drive_what_they_give_on_simulated_flash()
    {
        Gen<(int Kind, int File, int Offset, int Count)> call = Gen.Choose(0, 6).SelectMany(kind => Gen.Choose(0, 2).SelectMany(file => Gen.Choose(0, 40).SelectMany(offset => Gen.Choose(0, 20).Select(count => (kind, file, offset, count)))));
        Prop.ForAll(call.ListOf(80).ToArbitrary(), calls =>
        {
            var drive = new DriveStore(NewFolder(), StoreFile.Count);
            var simulated = new SimulatedFiles();
            byte value = 0;
            foreach ((int kind, int file, int offset, int count) in calls)
            {
                int length = Math.Max(0, simulated.Length(file));
                byte[] one = [.. Enumerable.Range(0, count).Select(_ => ++value)];
                byte[] other = [.. one];
                // A gap is undefined, so writes begin within the file or at its end.
                Assert.Equal(Do(simulated, kind, file, Math.Min(offset, length), one), Do(drive, kind, file, Math.Min(offset, length), other));
                if (kind == 2)
                    Assert.Equal(one, other);
                Assert.Equal(simulated.Length(file), drive.Length(file));
            }
            for (int file = 0; file < 3; file++)
                drive.Close(file);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Fact]
    public void What_was_flushed_is_there_for_another_store_and_the_file_is_not_held_open()
    {
        string folder = NewFolder();
        var store = new DriveStore(folder, StoreFile.Count);
        Assert.True(store.Open(2) && store.Write(2, 0, [1, 2, 3], 0, 3) && store.Flush(2));

        using (FileStream exclusive = File.Open(Path.Combine(folder, "edgeml2.bin"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            Assert.Equal(3, exclusive.Length);

        // It is still open for the agent.
        Assert.True(store.Write(2, 3, [4], 0, 1) && store.Flush(2));
        Assert.Equal(4, new DriveStore(folder, StoreFile.Count).Length(2));
    }

    [Fact]
    public void A_folder_that_is_not_there_fails_every_call_without_an_exception()
    {
        var store = new DriveStore(_folder.File("missing") + "/", StoreFile.Count);

        Assert.False(store.Open(0));
        Assert.False(store.Write(0, 0, [1], 0, 1));
        Assert.False(store.Read(0, 0, [1], 0, 1));
        Assert.False(store.Flush(0));
        Assert.Equal(-1, store.Length(0));
        Assert.True(store.Delete(0));
    }

    [Fact]
    public void The_journal_of_slots_survives_on_real_files()
    {
        string folder = NewFolder();
        for (int i = 0; i < 100; i++)
        {
            var journal = new Journal(new DriveStore(folder, StoreFile.Count));
            Assert.Equal(Agent.AgentError.None, journal.Open());
            Assert.Equal(i, journal.Sequence);
            Assert.True(journal.Commit());
        }
    }

    [Fact]
    public void A_model_file_is_read_as_a_source_and_a_missing_one_is_none()
    {
        string path = _folder.Write("model.emlm", [5, 6, 7, 8]);
        byte[] buffer = new byte[4];

        DriveSource source = DriveSource.Open(path);

        Assert.True(source.Read(1, buffer, 1, 3));
        Assert.Equal((4, 6, 8), (source.Length, buffer[1], buffer[3]));
        Assert.False(source.Read(3, buffer, 0, 2));
        Assert.Null(DriveSource.Open(_folder.File("none")));
    }

    private static bool Do(FileStore store, int kind, int file, int offset, byte[] bytes) => kind switch
    {
        0 or 1 => store.Open(file),
        2 => store.Read(file, offset, bytes, 0, bytes.Length),
        3 => store.Write(file, offset, bytes, 0, bytes.Length),
        4 => store.Flush(file),
        5 => store.Close(file),
        _ => store.Delete(file),
    };

    private string NewFolder() => Directory.CreateDirectory(_folder.File($"drive{_next++}")).FullName + "/";
}
