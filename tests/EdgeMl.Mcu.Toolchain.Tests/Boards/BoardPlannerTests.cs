using EdgeMl.Mcu.Toolchain.Boards;
using EdgeMl.Mcu.Toolchain.Inspect;

namespace EdgeMl.Mcu.Toolchain.Tests.Boards;

public sealed class BoardPlannerTests
{
    private static readonly Board Small = BoardCatalog.Find("ESP32") with { FlashBytes = 1000, HeapBytes = 500, NanosecondsPerIl = 100 };

    private static readonly ExecutionReport Execution = new(3000, 4000, 30, new Dictionary<string, long>(),
    [
        new LayerExecution("a", "Conv2D", 100, 2500, 3000, 25, new Dictionary<string, long>()),
        new LayerExecution("b", "Softmax", 0, 400, 900, null, new Dictionary<string, long>()),
    ]);

    [Fact]
    public void The_latency_is_the_weighted_count_at_the_speed_of_the_board()
    {
        BoardPlan plan = BoardPlanner.Plan("m", Small, Footprint(1000, 500), null, 0, Execution);

        Assert.Equal(0.4, plan.LatencyMs, 1e-9);
        Assert.Equal(3000, plan.IlPerInference);
        Assert.Equal([("a", 0.3), ("b", 0.09)], plan.Layers.Select(layer => (layer.Name, Math.Round(layer.LatencyMs, 9))));
    }

    [Theory]
    [InlineData(1000, 500, 786_400, true)]
    [InlineData(1001, 500, 0, false)]
    [InlineData(1000, 501, 0, false)]
    [InlineData(1000, 500, 786_401, false)]
    public void Every_region_may_be_full_but_not_fuller(long flash, long heap, long array, bool fits)
    {
        BoardPlan plan = BoardPlanner.Plan("m", Small, Footprint(flash, heap, array), null, 0, Execution);

        Assert.Equal(fits, plan.Fits);
        Assert.Equal(fits, plan.Regions.All(region => region.UsedBytes <= region.LimitBytes));
        Assert.Equal(fits, plan.Advice.Count == 0);
        Assert.Equal([("flash", flash, 1000L), ("heap", heap, 500L), ("largestArray", array, 786_400L)], plan.Regions.Select(region => (region.Name, region.UsedBytes, region.LimitBytes)));
    }

    [Fact]
    public void Advice_names_what_helps_with_its_numbers()
    {
        BoardPlan plan = BoardPlanner.Plan("m", Small, Footprint(1200, 800), Footprint(1000, 400), 64, Execution);

        Assert.Contains(plan.Advice, line => line.Contains("400 bytes, which fits; --page", StringComparison.Ordinal));
        Assert.Contains(plan.Advice, line => line.Contains("64 bytes", StringComparison.Ordinal) && line.Contains("--scratch", StringComparison.Ordinal));
        Assert.Contains(plan.Advice, line => line.Contains("lacks 300 bytes", StringComparison.Ordinal) && line.Contains("model file with 790", StringComparison.Ordinal));
        Assert.Contains(plan.Advice, line => line.Contains("lacks 200 bytes", StringComparison.Ordinal) && line.Contains("edgeml prune", StringComparison.Ordinal));
        Assert.Contains(plan.Advice, line => line.Contains("fits on", StringComparison.Ordinal) && line.Contains("ESP32-S3", StringComparison.Ordinal));
    }

    [Fact]
    public void Paging_is_not_advised_where_it_saves_nothing_or_is_done_already()
    {
        Assert.DoesNotContain(BoardPlanner.Plan("m", Small, Footprint(1000, 800), Footprint(1000, 900), 0, Execution).Advice, line => line.Contains("--page", StringComparison.Ordinal));
        Assert.DoesNotContain(BoardPlanner.Plan("m", Small, Footprint(1000, 800), null, 0, Execution).Advice, line => line.Contains("--page", StringComparison.Ordinal));
    }

    private static DeviceFootprint Footprint(long flash, long heap, long array = 0) => new(["EdgeMl.Mcu.Runtime"], [new("runtime", flash)], [new("objects", 10), new("model file", heap - 10)], array);
}
