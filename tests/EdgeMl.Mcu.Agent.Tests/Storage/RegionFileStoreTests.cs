using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Bench.Flash;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Agent.Tests.Storage;

/// <summary>Files do what a plain list of bytes does, on each memory, over clean restarts. What power cuts do is in the tests of the power-cut simulator.</summary>
public class RegionFileStoreTests
{
    private const int FileBytes = 8192;

    public static TheoryData<int, byte> Pages => new() { { 256, 0xFF }, { 256, 0x00 }, { 4096, 0xFF }, { 4096, 0x00 } };

    [Theory]
    [MemberData(nameof(Pages))]
    public void Files_on_pages_hold_what_was_written_last(int pageBytes, byte erased) => HoldsWhatWasWritten(new PageMemory(pageBytes, erased, FileBytes, FileBytes, FileBytes));

    [Fact]
    public void Simulated_files_hold_what_was_written_last() => HoldsWhatWasWritten(new FileMemory());

    [Fact]
    public void A_write_beyond_the_capacity_fails_and_harms_nothing()
    {
        FileStore store = new PageMemory(256, 0xFF, 300).PowerOn(SimulatedPages.Blank(256, 11, 0xFF), null).Store;
        Assert.True(store.Open(0));
        Assert.True(store.Write(0, 0, [1, 2, 3], 0, 3));

        Assert.False(store.Write(0, 510, [1, 2, 3], 0, 3));
        Assert.False(store.Write(0, int.MaxValue, [1, 2, 3], 0, 3));
        Assert.False(store.Write(0, -1, [1, 2, 3], 0, 3));
        Assert.False(store.Open(1));

        byte[] read = new byte[3];
        Assert.True(store.Read(0, 0, read, 0, 3));
        Assert.Equal([1, 2, 3], read);
        Assert.False(store.Read(0, 1, read, 0, 3));
        Assert.False(store.Read(0, int.MaxValue, read, 0, 3));
    }

    [Fact]
    public void A_region_that_is_too_small_is_not_mounted() =>
        Assert.False(new RegionFileStore(new SimulatedPages(SimulatedPages.Blank(256, 10, 0xFF), 256, 0xFF), [300]).Mount());

    [Fact]
    public void Files_added_later_leave_those_that_were_there()
    {
        FlashImage image = SimulatedPages.Blank(256, 20, 0xFF);
        var pages = new SimulatedPages(image, 256, 0xFF);
        var before = new RegionFileStore(pages, [300]);
        Assert.True(before.Mount() && before.Open(0) && before.Write(0, 0, [7], 0, 1) && before.Flush(0));

        var after = new RegionFileStore(pages, [300, 256]);

        byte[] read = new byte[1];
        Assert.True(after.Mount() && after.Open(0) && after.Read(0, 0, read, 0, 1));
        Assert.Equal(7, read[0]);
        Assert.Equal(-1, after.Length(1));
    }

    [Fact]
    public void A_file_written_in_order_erases_each_page_once()
    {
        var pages = new SimulatedPages(SimulatedPages.Blank(256, 64, 0x00), 256, 0x00);
        var store = new RegionFileStore(pages, [FileBytes]);
        Assert.True(store.Mount());
        byte[] block = [.. Enumerable.Repeat((byte)5, 64)];
        for (int round = 0; round < 2; round++)
        {
            long before = pages.Erasures;
            Assert.True(store.Delete(0) && store.Open(0));
            for (int offset = 0; offset < FileBytes; offset += block.Length)
                Assert.True(store.Write(0, offset, block, 0, block.Length));
            Assert.True(store.Flush(0));
            Assert.Equal(round == 0 ? 0 : FileBytes / 256, pages.Erasures - before);
        }
    }

    private static void HoldsWhatWasWritten(SimulatedMemory memory)
    {
        Gen<Step> step = Gen.Choose(0, 9).SelectMany(kind => Gen.Choose(0, 2).SelectMany(file => Gen.Choose(0, FileBytes - 1).SelectMany(offset => Gen.Choose(1, 600).Select(count => new Step(kind, file, offset, count)))));
        Prop.ForAll(step.ListOf(40).ToArbitrary(), steps => Run(memory, steps)).Check(Config.QuickThrowOnFailure.WithMaxTest(50));
    }

    private static void Run(SimulatedMemory memory, IList<Step> steps)
    {
        (FileStore store, IVolatileMemory volatileMemory) = memory.PowerOn(memory.Blank, null);
        var expected = new PlainFiles();
        for (int i = 0; i < steps.Count; i++)
        {
            Step step = steps[i];
            switch (step.Kind)
            {
                case 0:
                    Assert.True(store.Delete(step.File));
                    expected.Delete(step.File);
                    break;
                case 1:
                    foreach (int file in expected.Names)
                        Assert.True(store.Open(file) && store.Flush(file) && store.Close(file));
                    (store, volatileMemory) = memory.PowerOn(volatileMemory.Capture(), null);
                    break;
                default:
                    int length = Math.Max(store.Length(step.File), 0);
                    int offset = step.Kind < 6 ? Math.Min(length, FileBytes - 1) : step.Offset;
                    byte[] bytes = new byte[Math.Min(step.Count, FileBytes - offset)];
                    new Random(i).NextBytes(bytes);
                    Assert.True(store.Open(step.File) && store.Write(step.File, offset, bytes, 0, bytes.Length));
                    expected.Write(step.File, offset, bytes);
                    break;
            }
            expected.MustEqual(store);
        }
    }

    private sealed record Step(int Kind, int File, int Offset, int Count);

    /// <summary>Bytes by their place; those of a gap are not there.</summary>
    private sealed class PlainFiles
    {
        private readonly Dictionary<int, SortedDictionary<int, byte>> _files = [];

        public IEnumerable<int> Names => _files.Keys;

        public void Delete(int file) => _files.Remove(file);

        public void Write(int file, int offset, byte[] bytes)
        {
            if (!_files.TryGetValue(file, out SortedDictionary<int, byte>? content))
                _files.Add(file, content = []);
            for (int i = 0; i < bytes.Length; i++)
                content[offset + i] = bytes[i];
        }

        public void MustEqual(FileStore store)
        {
            for (int file = 0; file < 3; file++)
            {
                if (!_files.TryGetValue(file, out SortedDictionary<int, byte>? content))
                {
                    Assert.Equal(-1, store.Length(file));
                    continue;
                }
                int length = content.Keys.Last() + 1;
                Assert.Equal(length, store.Length(file));
                byte[] read = new byte[length];
                Assert.True(store.Open(file) && store.Read(file, 0, read, 0, length));
                foreach ((int place, byte value) in content)
                    Assert.True(read[place] == value, $"byte {place} of file {file} is {read[place]}, not {value}");
            }
        }
    }
}
