using System.Runtime.InteropServices;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>The leaves of a tree ensemble with their weights, each kind of leaf once.</summary>
internal sealed class TreeLeaves
{
    private readonly OnnxNode _node;
    private readonly Dictionary<int, List<LeafWeight>> _byNode = [];
    private readonly Dictionary<string, int> _indices = [];
    private readonly List<LeafWeight[]> _weights = [];

    /// <summary>Reads nodes and weights.</summary>
    /// <param name="node">The node of the file.</param>
    /// <param name="prefix">How the attributes of weights begin: <c>class</c> or <c>target</c>.</param>
    /// <param name="targets">Number of classes or targets.</param>
    public TreeLeaves(OnnxNode node, string prefix, int targets)
    {
        _node = node;
        Arrays = new TreeArrays(node);
        OnnxAttributes attributes = node.Attributes;
        long[] trees = attributes.Integers($"{prefix}_treeids") ?? [];
        long[] nodes = attributes.Integers($"{prefix}_nodeids") ?? [];
        long[] ids = attributes.Integers($"{prefix}_ids") ?? [];
        double[] weights = attributes.Doubles($"{prefix}_weights") ?? [];
        if (nodes.Length != trees.Length || ids.Length != trees.Length || weights.Length != trees.Length)
            throw node.Invalid($"its weights have {trees.Length} trees, {nodes.Length} nodes, {ids.Length} targets and {weights.Length} values");
        for (int i = 0; i < trees.Length; i++)
        {
            if (ids[i] < 0 || ids[i] >= targets)
                throw node.Invalid($"a weight is for the target {ids[i]} of {targets}");
            ref List<LeafWeight>? list = ref CollectionsMarshal.GetValueRefOrAddDefault(_byNode, Arrays.Leaf(trees[i], nodes[i]), out _);
            list ??= [];
            // No weight is a negative zero: a sum could not tell it, an extreme could.
            list.Add(new LeafWeight((int)ids[i], (float)weights[i] + 0f));
        }
        Targets = [.. ids.Distinct().Order()];
        AreAllPositive = Array.TrueForAll(weights, weight => weight >= 0);
    }

    /// <summary>The nodes.</summary>
    public TreeArrays Arrays { get; }

    /// <summary>Targets that have weights, ascending.</summary>
    public IReadOnlyList<long> Targets { get; }

    /// <summary>Whether no weight is negative.</summary>
    public bool AreAllPositive { get; }

    /// <summary>The weights of each leaf that was asked for.</summary>
    public IReadOnlyList<LeafWeight[]> Weights => _weights;

    /// <summary>Index of the leaf of a node.</summary>
    public int Of(int index)
    {
        if (!_byNode.TryGetValue(index, out List<LeafWeight>? weights))
            throw _node.Invalid($"{Arrays.NameOf(index)} is a leaf without weights");
        string key = string.Join(';', weights.Select(weight => $"{weight.Target}:{BitConverter.SingleToInt32Bits(weight.Weight)}"));
        if (!_indices.TryGetValue(key, out int leaf))
        {
            leaf = _weights.Count;
            _weights.Add([.. weights]);
            _indices.Add(key, leaf);
        }
        return leaf;
    }
}
