using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Bench.Flash;
using EdgeMl.Mcu.Runtime.Format;
using FsCheck;
using FsCheck.Fluent;
using L = EdgeMl.Mcu.Agent.Storage.JournalLayout;

namespace EdgeMl.Mcu.Agent.Tests.Storage;

public class JournalTests
{
    private static readonly byte[] Id = [.. Enumerable.Range(1, L.IdBytes).Select(i => (byte)i)];
    private static readonly byte[] Key = [.. Enumerable.Range(101, L.PublicKeyBytes).Select(i => (byte)i)];

    [Fact]
    public void An_empty_store_gives_a_state_in_which_everything_is_zero()
    {
        var journal = new Journal(new SimulatedFiles());

        Assert.Equal(AgentError.None, journal.Open());
        Assert.Equal(0, journal.Sequence);
        Assert.Equal(Slot.None, journal.State.Confirmed);
        Assert.False(journal.State.HasPublisherKey);
        Assert.False(journal.State.Holds(Slot.A, new byte[L.IdBytes], 0));
    }

    [Fact]
    public void A_record_has_the_documented_layout()
    {
        var files = new SimulatedFiles();
        Slots slots = Opened(files);
        Assert.Equal(AgentError.None, slots.SetPublisherKey(Key, 0, 9));
        Install(slots, Id, attempt: 4, epoch: 0x01020304);
        Assert.Equal(AgentError.None, slots.Refuse([.. Id[2..], 0, 0], 0, 5, (int)AgentError.Abi));
        Assert.Equal(AgentError.None, slots.BeginUpdate([.. Id, 0], 1, 7, Key[..24]));
        Assert.Equal(AgentError.None, slots.MarkPending());
        Assert.Equal(AgentError.None, slots.BeginTrial());

        byte[] copy = files.Capture().Area(StoreFile.Journal1)!;
        byte[] record = copy[^L.RecordBytes..];

        Assert.Equal((byte[])[.. "EMJ1"u8, (byte)(copy.Length / L.RecordBytes), 0, 0, 0, 4, 3, 2, 1], record[..12]);
        Assert.Equal([(byte)Slot.A, (byte)Slot.B, 1, (byte)Agent.Storage.Outcome.Refused, 120, 120, (byte)SlotState.Proven, (byte)SlotState.Whole], record[12..20]);
        Assert.Equal([7, 5, 5, 9, 0x01020304, 0], Enumerable.Range(0, 6).Select(i => BitConverter.ToInt32(record, 20 + (4 * i))));
        Assert.Equal(Key, record[44..96]);
        Assert.Equal(Id, record[96..128]);
        Assert.Equal([.. Id[1..], 0], record[128..160]);
        Assert.Equal([.. Id[2..], 0, 0], record[160..192]);
        Assert.Equal(new byte[24], record[192..216]);
        Assert.Equal(Key[..24], record[216..240]);
        Assert.Equal(new byte[12], record[240..252]);
        Assert.Equal(Crc32.Compute(record, 0, 252), BitConverter.ToUInt32(record, 252));
    }

    [Fact]
    public void The_state_is_that_of_the_last_commit_after_any_number_of_commits_and_reboots()
    {
        Prop.ForAll(Gen.Choose(0, 60).ListOf(20).ToArbitrary(), counts =>
        {
            var files = new SimulatedFiles();
            int generation = 0;
            foreach (int count in counts)
            {
                Slots slots = Opened(files);
                Assert.Equal(generation, slots.State.KeyGeneration);
                for (int i = 0; i < count; i++)
                    Assert.Equal(AgentError.None, slots.SetPublisherKey(Key, 0, ++generation));
                Assert.InRange(files.Length(StoreFile.Journal0), -1, L.RecordBytes * L.RecordsPerCopy);
                Assert.InRange(files.Length(StoreFile.Journal1), -1, L.RecordBytes * L.RecordsPerCopy);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_damage_to_the_newest_record_gives_the_one_before()
    {
        var files = new SimulatedFiles();
        Slots slots = Opened(files);
        for (int generation = 1; generation <= 3; generation++)
            Assert.Equal(AgentError.None, slots.SetPublisherKey(Key, 0, generation));
        FlashImage image = files.Capture();
        for (int bit = 0; bit < 8 * L.RecordBytes; bit++)
        {
            byte[] copy = (byte[])image.Area(StoreFile.Journal1)!.Clone();
            copy[(2 * L.RecordBytes) + (bit / 8)] ^= (byte)(1 << (bit % 8));
            var areas = new byte[]?[SimulatedFiles.FileCount];
            areas[StoreFile.Journal1] = copy;
            var damaged = new SimulatedFiles(new FlashImage(areas));

            Slots opened = Opened(damaged);
            Assert.Equal(2, opened.State.KeyGeneration);

            // The torn record is left alone, and the copy that holds the state too.
            Assert.Equal(AgentError.None, opened.SetPublisherKey(Key, 0, 9));
            Assert.Equal(copy, damaged.Capture().Area(StoreFile.Journal1));
            Assert.Equal(9, Opened(damaged).State.KeyGeneration);
        }
    }

    [Fact]
    public void A_commit_that_fails_leaves_the_state_and_a_later_one_succeeds()
    {
        for (int earlier = 1; earlier <= 2 * L.RecordsPerCopy; earlier++)
        {
            var files = new SimulatedFiles { CapacityBytes = 2 * L.RecordsPerCopy * L.RecordBytes };
            Slots slots = Opened(files);
            for (int generation = 1; generation <= earlier; generation++)
                Assert.Equal(AgentError.None, slots.SetPublisherKey(Key, 0, generation));
            files.FullAtWrite = files.Writes + 1;
            files.FullWrites = 2;

            Assert.Equal(AgentError.Storage, slots.SetPublisherKey(Key, 0, 1000));
            Assert.Equal(earlier, slots.State.KeyGeneration);
            Assert.Equal(earlier, Opened(files).State.KeyGeneration);
            files.FullWrites = 0;
            Assert.Equal(AgentError.None, slots.SetPublisherKey(Key, 0, 2000));
            Assert.Equal(2000, Opened(files).State.KeyGeneration);
        }
    }

    [Fact]
    public void A_journal_that_cannot_be_read_is_an_error_and_not_an_empty_one()
    {
        var files = new SimulatedFiles();
        Slots slots = Opened(files);
        Assert.Equal(AgentError.None, slots.SetPublisherKey(Key, 0, 1));

        Assert.Equal(AgentError.Journal, new Journal(new UnreadableStore(files, StoreFile.Journal1)).Open());
        Assert.Equal(AgentError.None, new Journal(new UnreadableStore(files, StoreFile.Journal0)).Open());
    }

    private static Slots Opened(FileStore store)
    {
        var slots = new Slots(store, new AnythingIsWhole());
        Assert.Equal(AgentError.None, slots.Open());
        return slots;
    }

    private static void Install(Slots slots, byte[] id, int attempt, int epoch)
    {
        Assert.Equal(AgentError.None, slots.BeginUpdate(id, 0, attempt, null));
        Assert.Equal(AgentError.None, slots.MarkPending());
        Assert.Equal(AgentError.None, slots.BeginTrial());
        Assert.Equal(AgentError.None, slots.Confirm(epoch));
    }

    private sealed class UnreadableStore(FileStore inner, int unreadable) : FileStore
    {
        public override bool Open(int file) => inner.Open(file);

        public override int Length(int file) => inner.Length(file);

        public override bool Read(int file, int offset, byte[] buffer, int index, int count) => file != unreadable && inner.Read(file, offset, buffer, index, count);

        public override bool Write(int file, int offset, byte[] buffer, int index, int count) => inner.Write(file, offset, buffer, index, count);

        public override bool Flush(int file) => inner.Flush(file);

        public override bool Close(int file) => inner.Close(file);

        public override bool Delete(int file) => inner.Delete(file);
    }
}
