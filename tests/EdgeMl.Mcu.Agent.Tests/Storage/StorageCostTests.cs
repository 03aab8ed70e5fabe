using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Agent.Tests.Storage;

public class StorageCostTests
{
    private const int BlockBytes = 1024;
    private const int Blocks = 16;
    private static readonly AnythingMatches Matching = new();

    [Fact]
    public void Nothing_is_allocated_after_construction()
    {
        int[] capacities = [4096, 4096, Blocks * BlockBytes, Blocks * BlockBytes, 4096, 4096];
        var flash = new ArrayFlash(4096, 32);
        var store = new RegionFileStore(flash, capacities);
        var slots = new Slots(store, new AnythingIsWhole());
        var map = new BlockMap(Blocks);
        byte[] id = new byte[32];
        byte[] block = new byte[BlockBytes];
        // Once for the runtime's own needs.
        Assert.True(Run(store, slots, map, id, block));

        long before = GC.GetAllocatedBytesForCurrentThread();
        bool done = true;
        for (int i = 0; i < 20; i++)
        {
            id[0]++;
            done &= Run(store, slots, map, id, block);
        }

        Assert.True(done);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Journal_slots_and_files_on_pages_take_less_than_2_KB_of_RAM()
    {
        var flash = new ArrayFlash(4096, 32);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var store = new RegionFileStore(flash, []);
        var slots = new Slots(store, new AnythingIsWhole());
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(store.Mount());
        Assert.Equal(AgentError.None, slots.Open());
        Assert.InRange(bytes, 1024, 2048);
    }

    private static bool Run(RegionFileStore store, Slots slots, BlockMap map, byte[] id, byte[] block)
    {
        bool done = store.Mount() && slots.Open() == AgentError.None && slots.BeginUpdate(id, 0, 1, null) == AgentError.None;
        for (int i = 0; i < Blocks; i++)
            done &= slots.WriteModel(i * BlockBytes, block, 0, BlockBytes) == AgentError.None;
        done &= map.Reset(Blocks * BlockBytes, BlockBytes);
        map.Scan(store, Slots.ModelFile(slots.Target), Matching, block);
        done &= map.IsComplete && slots.MarkPending() == AgentError.None && slots.BeginTrial() == AgentError.None && slots.Confirm(0) == AgentError.None;
        return done && slots.AcknowledgeOutcome(1) == AgentError.None;
    }

    private sealed class AnythingMatches : BlockCheck
    {
        public override bool Matches(int block, byte[] buffer, int index, int count) => true;
    }

    private sealed class ArrayFlash : RawFlash
    {
        private readonly byte[] _bytes;

        public ArrayFlash(int pageBytes, int pageCount)
        {
            PageBytes = pageBytes;
            PageCount = pageCount;
            _bytes = new byte[pageBytes * pageCount];
        }

        public override int PageBytes { get; }

        public override int PageCount { get; }

        public override byte ErasedValue => 0;

        public override bool Read(int address, byte[] buffer, int index, int count)
        {
            Array.Copy(_bytes, address, buffer, index, count);
            return true;
        }

        public override bool Program(int address, byte[] buffer, int index, int count)
        {
            Array.Copy(buffer, index, _bytes, address, count);
            return true;
        }

        public override bool ErasePage(int page)
        {
            Array.Clear(_bytes, page * PageBytes, PageBytes);
            return true;
        }
    }
}
