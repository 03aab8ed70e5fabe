using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Toolchain.Tests.Onnx;

/// <summary>The backend node tests of ONNX in float: on the graph as imported and after all passes.</summary>
public class OfficialNodeTests(ITestOutputHelper output)
{
    private const double LeastShare = 0.95;

    [Fact]
    public void At_least_95_percent_of_the_official_node_tests_of_supported_operators_pass()
    {
        Assert.SkipUnless(OfficialNodeCase.Folder is not null, OfficialNodeCase.Missing);
        NodeResult[] results = [.. OfficialNodeCase.All().Select(OfficialNodeRun.Run)];
        NodeResult[] applicable = [.. results.Where(result => result.Outcome != NodeOutcome.NotApplicable)];
        NodeResult[] failed = [.. applicable.Where(result => result.Outcome == NodeOutcome.Failed)];
        int passed = applicable.Length - failed.Length;
        output.WriteLine($"{passed} / {applicable.Length} official node tests passed ({100.0 * passed / applicable.Length:F1} %)");
        foreach (NodeResult result in failed)
            output.WriteLine($"{result.Name}: {result.Reason}");
        Assert.True(passed >= LeastShare * applicable.Length, $"{passed} of {applicable.Length} passed; failed: {string.Join(", ", failed.Select(result => result.Name))}");
        Assert.True(GeneratedDocument.IsCurrentPart("docs/onnx.md", "node-tests", Report(results)), GeneratedDocument.HowToUpdate);
    }

    private static string Report(NodeResult[] results)
    {
        int Count(NodeOutcome outcome) => results.Count(result => result.Outcome == outcome);
        int applicable = results.Length - Count(NodeOutcome.NotApplicable);
        int passed = applicable - Count(NodeOutcome.Failed);
        var lines = new List<string>
        {
            $"**{passed} / {applicable}** cases pass, {100.0 * passed / applicable:F1} %: {Count(NodeOutcome.Passed)} with every float input as an activation, "
            + $"{Count(NodeOutcome.PassedWithConstants)} that need all inputs but the first as constants (weights and parameters, as exported models have them), "
            + $"{Count(NodeOutcome.PassedAsConstants)} that are computed at import, from constants only.",
            "",
            "| Fails | Why |",
            "|---|---|",
        };
        lines.AddRange(Groups(results, NodeOutcome.Failed, Why).Select(group => $"| {string.Join(", ", group.Select(result => result.Name))} | {group.Key} |"));
        lines.AddRange(["", $"Of {results.Length} cases {Count(NodeOutcome.NotApplicable)} do not apply:", "", "| Cases | Why |", "|---|---|"]);
        lines.AddRange(Groups(results, NodeOutcome.NotApplicable, result => result.Reason).Select(group => $"| {group.Count()} | {group.Key} |"));
        return string.Join('\n', lines) + "\n";
    }

    private static IEnumerable<IGrouping<string, NodeResult>> Groups(NodeResult[] results, NodeOutcome outcome, Func<NodeResult, string> key) =>
        results.Where(result => result.Outcome == outcome).GroupBy(key)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal);

    // The reason in an importer's message stands in the last parentheses.
    private static string Why(NodeResult result)
    {
        int end = result.Reason.LastIndexOf(").", StringComparison.Ordinal);
        int start = result.Reason.IndexOf("' (", StringComparison.Ordinal);
        return start < 0 || end < start ? result.Reason : result.Reason[(start + 3)..end];
    }
}
