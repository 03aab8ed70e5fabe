using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Plan.Trees;

/// <summary>A feature as comparisons see it: NaN is less than all thresholds, or greater than all.</summary>
internal readonly record struct TreeKey(int Feature, bool MissingIsBelow)
{
    /// <summary>The key that a node compares.</summary>
    public static TreeKey Of(TreeNode node) => new(node.Feature, node.MissingIsBelow);

    /// <summary>The keys that an ensemble compares, each once.</summary>
    public static TreeKey[] Of(TreeEnsemble ensemble) => [.. ensemble.Nodes.Select(Of).Distinct().OrderBy(key => key.Feature).ThenBy(key => key.MissingIsBelow)];
}
