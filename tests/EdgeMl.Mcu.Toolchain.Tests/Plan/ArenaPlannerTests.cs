using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Plan;

namespace EdgeMl.Mcu.Toolchain.Tests.Plan;

public class ArenaPlannerTests
{
    public static TheoryData<string> Models() => [.. CompiledModels.Digits, .. CompiledModels.Golden];

    [Theory]
    [MemberData(nameof(Models))]
    public void Arenas_of_real_models_are_optimal_or_within_one_percent_of_the_bound(string name)
    {
        ArenaPlan plan = CompiledModels.Get(name).Arena;
        Assert.True(plan.IsOptimal || plan.Gap <= 0.01, $"{plan.Bytes} bytes, bound {plan.LowerBoundBytes}.");
    }

    [Fact]
    public void Buffers_that_live_together_never_overlap_and_the_bound_holds()
    {
        int optimal = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            ArenaBuffer[] buffers = RandomBuffers(seed, maxCount: 24, maxSteps: 16, maxBytes: seed % 2 == 0 ? 9 : 5000);
            ArenaPlan plan = ArenaPlanner.Place(buffers);
            CheckPlacement(buffers, plan);
            optimal += plan.IsOptimal ? 1 : 0;
        }
        Assert.InRange(optimal, 280, 300);
    }

    [Fact]
    public void More_buffers_than_the_search_takes_are_placed_too()
    {
        for (int seed = 0; seed < 5; seed++)
        {
            ArenaBuffer[] buffers = RandomBuffers(seed, maxCount: 200, maxSteps: 150, maxBytes: 3000, minCount: 100);
            CheckPlacement(buffers, ArenaPlanner.Place(buffers));
        }
    }

    [Fact]
    public void The_exact_search_is_never_worse_than_first_fit_and_equals_brute_force()
    {
        for (int seed = 0; seed < 400; seed++)
        {
            ArenaBuffer[] buffers = RandomBuffers(seed, maxCount: 6, maxSteps: 5, maxBytes: 4);
            int expected = BruteForce(buffers);
            var search = new ArenaSearch(buffers, 0, int.MaxValue, 1_000_000);
            search.Run();
            Assert.True(search.IsComplete);
            Assert.Equal(expected, search.BestBytes);
            ArenaPlan plan = ArenaPlanner.Place(buffers);
            Assert.Equal((expected, true), (plan.Bytes, plan.IsOptimal));
            CheckPlacement(buffers, plan);
        }
    }

    [Fact]
    public void A_search_that_is_cut_short_does_not_claim_to_be_complete()
    {
        ArenaBuffer[] buffers = RandomBuffers(seed: 1, maxCount: 30, maxSteps: 10, maxBytes: 5000, minCount: 30);
        var search = new ArenaSearch(buffers, 0, int.MaxValue, budget: 3);
        search.Run();
        Assert.False(search.IsComplete);
    }

    [Fact]
    public void A_placement_above_the_bound_can_be_proved_optimal()
    {
        (int Bytes, int First, int Last)[] lives = [(3, 0, 0), (3, 0, 1), (1, 1, 5), (2, 1, 2), (1, 2, 2), (1, 2, 3), (1, 2, 6), (3, 3, 6), (1, 4, 5), (2, 6, 6)];
        ArenaBuffer[] buffers = [.. lives.Select((life, i) => new ArenaBuffer($"b{i}", life.Bytes) { FirstStep = life.First, LastStep = life.Last })];
        ArenaPlan plan = ArenaPlanner.Place(buffers);
        Assert.Equal(new ArenaPlan(7, 6, IsOptimal: true), plan);
        CheckPlacement(buffers, plan);
        Assert.Equal(7, BruteForce(buffers));
    }

    private static ArenaBuffer[] RandomBuffers(int seed, int maxCount, int maxSteps, int maxBytes, int minCount = 1)
    {
        var random = new Random(seed);
        int steps = random.Next(1, maxSteps + 1);
        var buffers = new ArenaBuffer[random.Next(minCount, maxCount + 1)];
        for (int i = 0; i < buffers.Length; i++)
        {
            int first = random.Next(-1, steps);
            buffers[i] = new ArenaBuffer($"b{i}", random.Next(1, maxBytes + 1)) { FirstStep = first, LastStep = random.Next(first, Math.Min(steps, first + 5) + 1) };
        }
        return buffers;
    }

    private static void CheckPlacement(ArenaBuffer[] buffers, ArenaPlan plan)
    {
        Assert.InRange(plan.Bytes, plan.LowerBoundBytes, int.MaxValue);
        Assert.Equal(plan.Bytes, buffers.Max(buffer => buffer.Offset + buffer.Bytes));
        for (int i = 0; i < buffers.Length; i++)
        {
            Assert.True(buffers[i].Offset >= 0);
            for (int j = 0; j < i; j++)
                Assert.True(!buffers[i].Overlaps(buffers[j]) || Apart(buffers[i], buffers[j]), $"{buffers[i].Name} and {buffers[j].Name} overlap.");
        }
    }

    private static bool Apart(ArenaBuffer a, ArenaBuffer b) => a.Offset + a.Bytes <= b.Offset || b.Offset + b.Bytes <= a.Offset;

    /// <summary>Tries every offset of every buffer for growing arenas.</summary>
    private static int BruteForce(ArenaBuffer[] buffers)
    {
        for (int arena = buffers.Max(buffer => buffer.Bytes); ; arena++)
        {
            if (Fits(buffers, 0, arena))
                return arena;
        }
    }

    private static bool Fits(ArenaBuffer[] buffers, int index, int arena)
    {
        if (index == buffers.Length)
            return true;
        ArenaBuffer buffer = buffers[index];
        for (buffer.Offset = 0; buffer.Offset + buffer.Bytes <= arena; buffer.Offset++)
        {
            int i = 0;
            while (i < index && (!buffer.Overlaps(buffers[i]) || Apart(buffer, buffers[i])))
                i++;
            if (i == index && Fits(buffers, index + 1, arena))
                return true;
        }
        return false;
    }
}
