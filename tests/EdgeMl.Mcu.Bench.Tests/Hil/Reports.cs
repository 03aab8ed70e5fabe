using EdgeMl.Mcu.Bench.Hil.Reports;

namespace EdgeMl.Mcu.Bench.Tests.Hil;

/// <summary>Reports to write documents of.</summary>
internal static class Reports
{
    /// <summary>A report with one board.</summary>
    public static BenchReport Of(BoardReport board) => new("desk", new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), "0.1.0", [board]);

    /// <summary>A board that measured one model of given layers, each a time in microseconds and its weighted instructions.</summary>
    public static BoardReport Board(bool isVirtual, params (double Microseconds, double WeightedIl)[] layers) => new(
        "one", "ESP32", isVirtual, 325, "estimated: x", new BoardIdentity("ESP32_REV3", "1.0", "1.17.0.0", 1, 1),
        [
            new StageReport("boot", StageStatus.Passed, "answers", null, null, 0.5),
            new StageReport("verify", StageStatus.Failed, "1 of 2 vectors <differ> | here", BenchErrorCodes.Differs, "Flash it again.", 1.25),
            new StageReport("latency", StageStatus.Skipped, "'verify' failed", null, null, 0),
        ],
        [
            new ModelReport("digits", 1000, 2, 1, null,
                new LatencyReport(30, Numbers("", layers.Sum(layer => layer.Microseconds), layers.Sum(layer => layer.WeightedIl)),
                    [.. layers.Select((layer, i) => Numbers($"layer {i}", layer.Microseconds, layer.WeightedIl))]),
                null),
        ], null, null);

    private static LatencyNumbers Numbers(string name, double microseconds, double weightedIl) => new(name, "Conv2D", microseconds, microseconds, microseconds, weightedIl * 0.325, weightedIl);
}
