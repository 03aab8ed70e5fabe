using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Bench.Flash;

namespace EdgeMl.Mcu.Bench.Tests.Flash;

public class PowerCutTests(ITestOutputHelper output)
{
    private static readonly StoredModel V1 = new(seed: 1, length: 600, blockBytes: 256, epoch: 1);
    private static readonly StoredModel V2 = new(seed: 2, length: 700, blockBytes: 256, epoch: 1);
    private static readonly StoredModel V3 = new(seed: 3, length: 520, blockBytes: 256, epoch: 2);
    private static readonly StoredModel Bad = new(seed: 4, length: 650, blockBytes: 256, epoch: 2, passesSelfTest: false);

    public static TheoryData<string> Memories => [.. MemoryOf.Keys];

    /// <summary>Flash just large enough for the small models: a content is copied and hashed for each variant.</summary>
    private static Dictionary<string, SimulatedMemory> MemoryOf { get; } = MemoriesFor(modelBytes: 768, manifestBytes: 256);

    private static Dictionary<string, SimulatedMemory> LargeMemoryOf { get; } = MemoriesFor(modelBytes: 16_384, manifestBytes: 1024);

    private static Dictionary<string, SimulatedMemory> MemoriesFor(int modelBytes, int manifestBytes)
    {
        int[] capacities = [JournalLayout.CopyBytes, JournalLayout.CopyBytes, modelBytes, modelBytes, manifestBytes, manifestBytes];
        return new Dictionary<string, SimulatedMemory>
        {
            ["files"] = new FileMemory(),
            ["pages of 256 B erased to FF"] = new PageMemory(256, 0xFF, capacities),
            ["pages of 256 B erased to 00"] = new PageMemory(256, 0x00, capacities),
            ["pages of 4 KiB erased to FF"] = new PageMemory(4096, 0xFF, capacities),
            ["pages of 4 KiB erased to 00"] = new PageMemory(4096, 0x00, capacities),
        };
    }

    [Theory]
    [MemberData(nameof(Memories))]
    public void A_first_model_survives_every_pair_of_cuts(string memory) => Check(memory, cuts: 2, null, V1);

    [Theory]
    [MemberData(nameof(Memories))]
    public void An_update_survives_every_pair_of_cuts(string memory) => Check(memory, cuts: 2, V1, V2);

    [Fact]
    public void An_update_on_files_survives_every_three_cuts() => Check("files", cuts: 3, V1, V2);

    [Theory]
    [MemberData(nameof(Memories))]
    public void An_update_over_a_former_model_survives_every_pair_of_cuts(string memory) => Check(memory, cuts: 2, V2, V3, before: [V1]);

    [Theory]
    [MemberData(nameof(Memories))]
    public void A_newer_order_over_a_pending_one_survives_every_pair_of_cuts(string memory)
    {
        SimulatedMemory kind = MemoryOf[memory];
        FlashImage image = kind.Run(After(kind, [V1]), new SlotDevice(V1, V2).RunUntilPending);
        Check(kind, memory, cuts: 2, image, new SlotDevice(V1, V3));
    }

    [Theory]
    [MemberData(nameof(Memories))]
    public void A_model_that_fails_its_self_test_leaves_the_old_one_at_every_pair_of_cuts(string memory) => Check(memory, cuts: 2, V1, Bad);

    [Theory]
    [MemberData(nameof(Memories))]
    public void Going_back_on_order_survives_every_pair_of_cuts(string memory) => Check(memory, cuts: 2, V2, V1, before: [V1], rollBack: true);

    [Theory]
    [MemberData(nameof(Memories))]
    public void An_update_of_many_blocks_survives_every_cut(string memory)
    {
        SimulatedMemory kind = LargeMemoryOf[memory];
        Check(kind, memory, cuts: 1, After(kind, [V1]), new SlotDevice(V1, new StoredModel(seed: 5, length: 15_500, blockBytes: 512, epoch: 3)));
    }

    [Theory]
    [MemberData(nameof(Memories))]
    public void Compaction_of_the_journal_survives_a_cut_wherever_in_an_update_it_comes(string memory)
    {
        // Enough for both copies to be begun anew at every step of the update.
        for (int records = 1; records < 2 * JournalLayout.RecordsPerCopy; records++)
            Check(memory, cuts: 1, V2, V3, before: [V1], records);
    }

    [Theory]
    [InlineData("files")]
    [InlineData("pages of 256 B erased to FF")]
    public void Compaction_over_an_older_copy_survives_every_pair_of_cuts(string memory)
    {
        for (int records = 17; records < 17 + RecordsOfAnUpdate; records++)
            Check(memory, cuts: 2, V2, V3, before: [V1], records);
    }

    [Theory]
    [InlineData("pages of 256 B erased to FF")]
    [InlineData("pages of 256 B erased to 00")]
    [InlineData("pages of 4 KiB erased to FF")]
    [InlineData("pages of 4 KiB erased to 00")]
    public void A_new_half_of_the_directory_survives_a_cut_wherever_in_an_update_it_comes(string memory)
    {
        SimulatedMemory kind = MemoryOf[memory];
        int directoryPages = memory.Contains("256", StringComparison.Ordinal) ? 8 : 2;
        var steps = new HashSet<long>();
        FlashImage image = After(kind, [V1, V2]);
        for (int records = 0; records < 300; records++)
        {
            long step = OperationThatErasesBelow(directoryPages, kind, image, new SlotDevice(V2, V3));
            if (step > 0 && steps.Add(step))
                Check(kind, memory, cuts: 1, image, new SlotDevice(V2, V3));
            image = kind.Run(image, store => AddRecords(store, 1));
        }

        Assert.InRange(steps.Count, 10, 100);
    }

    /// <summary>Records of the update from V2 to V3: emptied, receiving, pending, trial, confirmed, acknowledged.</summary>
    private const int RecordsOfAnUpdate = 6;

    private void Check(string memory, int cuts, StoredModel? former, StoredModel wanted, StoredModel[]? before = null, int records = 0, bool rollBack = false)
    {
        SimulatedMemory kind = MemoryOf[memory];
        FlashImage image = After(kind, [.. before ?? [], .. former is null ? (StoredModel[])[] : [former]]);
        image = kind.Run(image, store => AddRecords(store, records));
        Check(kind, memory, cuts, image, new SlotDevice(former, wanted, rollBack));
    }

    private void Check(SimulatedMemory kind, string memory, int cuts, FlashImage start, SlotDevice device)
    {
        PowerCutReport report = new PowerCutSimulator(kind, device.Run).Run(start, cuts);

        output.WriteLine($"{memory}: {report}");
        Assert.Empty(report.Failures);
        Assert.True(report.States > report.Operations);
    }

    /// <summary>What the memory holds after updates to some models.</summary>
    private static FlashImage After(SimulatedMemory kind, StoredModel[] models)
    {
        FlashImage image = kind.Blank;
        for (int i = 0; i < models.Length; i++)
            image = kind.Run(image, new SlotDevice(i == 0 ? null : models[i - 1], models[i]).Run);
        return image;
    }

    private static long OperationThatErasesBelow(int pages, SimulatedMemory kind, FlashImage image, SlotDevice device)
    {
        long found = 0;
        var power = new PowerSupply();
        power.Observer = (_, operation) => found = operation.Kind == OperationKind.Erase && operation.Place < pages ? power.Operations : found;
        device.Run(kind.PowerOn(image, power).Store);
        return found;
    }

    private static void AddRecords(FileStore store, int count)
    {
        var journal = new Journal(store);
        journal.Open();
        for (int i = 0; i < count; i++)
            Assert.True(journal.Commit());
    }
}
