using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>The parallel arrays that describe the trees of an ai.onnx.ml tree ensemble, and the trees that they stand for.</summary>
/// <remarks>
/// All comparisons become <c>x &lt;= t</c>: <c>x &lt; t</c> is that of the float32 before t, and the others exchange what follows. Equality is two of them.
/// Attributes are described at https://github.com/onnx/onnx/blob/main/docs/Operators-ml.md.
/// </remarks>
internal sealed class TreeArrays
{
    private const string LeafMode = "LEAF";

    private readonly OnnxNode _node;
    private readonly long[] _trees;
    private readonly long[] _ids;
    private readonly long[] _features;
    private readonly string[] _modes;
    private readonly double[] _thresholds;
    private readonly bool[] _missing;
    private readonly int[] _whenTrue;
    private readonly int[] _whenFalse;
    private readonly Dictionary<(long Tree, long Node), int> _indices = [];

    /// <summary>Reads the arrays and checks that they are trees.</summary>
    /// <exception cref="ToolchainException">onnx.invalid: lengths that differ, a node twice, a child that is missing, has two parents or is its own ancestor, a tree without a root.</exception>
    public TreeArrays(OnnxNode node)
    {
        _node = node;
        OnnxAttributes attributes = node.Attributes;
        attributes.Ignore("nodes_hitrates", "nodes_hitrates_as_tensor");
        _ids = attributes.Integers("nodes_nodeids") ?? throw node.Invalid("it has no nodes");
        if (_ids.Length == 0)
            throw node.Invalid("it has no nodes");
        _trees = Sized("nodes_treeids", attributes.Integers("nodes_treeids"));
        _features = Sized("nodes_featureids", attributes.Integers("nodes_featureids"));
        _modes = Sized("nodes_modes", attributes.Texts("nodes_modes"));
        _thresholds = Sized("nodes_values", attributes.Doubles("nodes_values"));
        _missing = Array.ConvertAll(Sized("nodes_missing_value_tracks_true", attributes.Integers("nodes_missing_value_tracks_true") ?? new long[_ids.Length]), flag => flag != 0);
        for (int i = 0; i < _ids.Length; i++)
        {
            if (!_indices.TryAdd((_trees[i], _ids[i]), i))
                throw node.Invalid($"the tree {_trees[i]} has the node {_ids[i]} twice");
        }
        _whenTrue = Children("nodes_truenodeids");
        _whenFalse = Children("nodes_falsenodeids");
    }

    /// <summary>Number of nodes and leaves.</summary>
    public int Count => _ids.Length;

    /// <summary>Number of features that comparisons need at least.</summary>
    public long FeatureCount => Enumerable.Range(0, Count).Where(i => !IsLeaf(i)).Select(i => _features[i] + 1).DefaultIfEmpty().Max();

    /// <summary>Name of a node for messages.</summary>
    public string NameOf(int index) => $"the node {_ids[index]} of the tree {_trees[index]}";

    /// <summary>The index of a leaf that has weights.</summary>
    public int Leaf(long tree, long id)
    {
        if (!_indices.TryGetValue((tree, id), out int index))
            throw _node.Invalid($"a weight belongs to the node {id} of the tree {tree}, which is missing");
        return IsLeaf(index) ? index : throw _node.Invalid($"a weight belongs to the node {id} of the tree {tree}, which is no leaf");
    }

    /// <summary>The trees in the order of their first nodes, each node before those that follow it, the smaller branch first.</summary>
    /// <param name="leafOf">Index of the leaf of a node of the file.</param>
    public (int[] Roots, TreeNode[] Nodes) Build(Func<int, int> leafOf)
    {
        int[] roots = Roots();
        int[] sizes = Sizes(roots);
        var nodes = new List<TreeNode>();
        int[] starts = new int[roots.Length];
        var open = new Stack<(int Source, Action<int> Place)>();
        for (int tree = 0; tree < roots.Length; tree++)
        {
            int slot = tree;
            open.Push((roots[tree], at => starts[slot] = at));
            while (open.TryPop(out (int Source, Action<int> Place) next))
            {
                if (IsLeaf(next.Source))
                {
                    next.Place(~leafOf(next.Source));
                    continue;
                }
                next.Place(nodes.Count);
                Expand(next.Source, nodes, sizes, open);
            }
        }
        return (starts, [.. nodes]);
    }

    private bool IsLeaf(int index) => _modes[index] == LeafMode;

    private void Expand(int source, List<TreeNode> nodes, int[] sizes, Stack<(int, Action<int>)> open)
    {
        string mode = _modes[source];
        int at = nodes.Count;
        int feature = checked((int)_features[source]);
        bool swaps = mode is "BRANCH_GT" or "BRANCH_GTE" or "BRANCH_NEQ";
        (int below, int above) = swaps ? (_whenFalse[source], _whenTrue[source]) : (_whenTrue[source], _whenFalse[source]);
        float threshold = AtMost(_thresholds[source]);
        Action<int> placeBelow = index => nodes[at] = nodes[at] with { Below = index };
        Action<int> placeAbove = index => nodes[at] = nodes[at] with { Above = index };
        switch (mode)
        {
            case "BRANCH_LEQ" or "BRANCH_GT":
                nodes.Add(new TreeNode(feature, threshold, 0, 0, swaps != _missing[source]));
                break;
            case "BRANCH_LT" or "BRANCH_GTE":
                nodes.Add(new TreeNode(feature, Before(source), 0, 0, swaps != _missing[source]));
                break;
            case "BRANCH_EQ" or "BRANCH_NEQ":
                nodes.Add(new TreeNode(feature, threshold, at + 1, 0, !swaps && _missing[source]));
                nodes.Add(new TreeNode(feature, Before(source), 0, 0, false));
                placeBelow = index => nodes[at + 1] = nodes[at + 1] with { Above = index };
                placeAbove = index =>
                {
                    nodes[at] = nodes[at] with { Above = index };
                    nodes[at + 1] = nodes[at + 1] with { Below = index };
                };
                break;
            default:
                throw OnnxErrors.Unsupported($"the node mode '{mode}'");
        }
        bool belowFirst = sizes[below] <= sizes[above];
        open.Push(belowFirst ? (above, placeAbove) : (below, placeBelow));
        open.Push(belowFirst ? (below, placeBelow) : (above, placeAbove));
    }

    /// <summary>The greatest float32 below a threshold: what <c>x &lt; t</c> compares with.</summary>
    private float Before(int source)
    {
        double threshold = _thresholds[source];
        if (double.IsNegativeInfinity(threshold))
            throw OnnxErrors.Unsupported($"{_modes[source]} with the threshold -infinity");
        float atMost = AtMost(threshold);
        return atMost < threshold ? atMost : MathF.BitDecrement(atMost);
    }

    /// <summary>The greatest float32 that is at most a number: for every float32, <c>x &lt;= t</c> is <c>x &lt;= AtMost(t)</c>.</summary>
    private float AtMost(double threshold)
    {
        if (double.IsNaN(threshold))
            throw _node.Invalid("a threshold is not a number");
        float nearest = (float)threshold;
        return nearest > threshold ? MathF.BitDecrement(nearest) : nearest;
    }

    private int[] Children(string attribute)
    {
        long[] ids = Sized(attribute, _node.Attributes.Integers(attribute));
        var children = new int[ids.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            if (!IsLeaf(i) && !_indices.TryGetValue((_trees[i], ids[i]), out children[i]))
                throw _node.Invalid($"{NameOf(i)} goes to the node {ids[i]}, which is missing");
        }
        return children;
    }

    private int[] Roots()
    {
        var parents = new int[Count];
        foreach (int i in Enumerable.Range(0, Count).Where(i => !IsLeaf(i)))
        {
            if (_features[i] < 0)
                throw _node.Invalid($"{NameOf(i)} compares the feature {_features[i]}");
            parents[_whenTrue[i]]++;
            parents[_whenFalse[i]]++;
        }
        int shared = Array.FindIndex(parents, count => count > 1);
        if (shared >= 0)
            throw _node.Invalid($"{NameOf(shared)} follows {parents[shared]} branches; a tree has one for each node");
        var roots = new Dictionary<long, int>();
        for (int i = 0; i < Count; i++)
        {
            if (parents[i] == 0 && !roots.TryAdd(_trees[i], i))
                throw _node.Invalid($"the tree {_trees[i]} has two roots, the nodes {_ids[roots[_trees[i]]]} and {_ids[i]}");
        }
        return [.. _trees.Distinct().Select(tree => roots.TryGetValue(tree, out int root) ? root : throw _node.Invalid($"the tree {tree} has no root: its nodes form a cycle"))];
    }

    /// <summary>Number of nodes of each subtree; fails where a node is in none.</summary>
    private int[] Sizes(int[] roots)
    {
        var sizes = new int[Count];
        var order = new List<int>();
        var open = new Stack<int>(roots);
        while (open.TryPop(out int i))
        {
            order.Add(i);
            if (IsLeaf(i))
                continue;
            open.Push(_whenTrue[i]);
            open.Push(_whenFalse[i]);
        }
        if (order.Count < Count)
        {
            HashSet<int> reached = [.. order];
            int lost = Enumerable.Range(0, Count).First(i => !reached.Contains(i));
            throw _node.Invalid($"{NameOf(lost)} is in a cycle");
        }
        for (int i = order.Count - 1; i >= 0; i--)
            sizes[order[i]] = IsLeaf(order[i]) ? 0 : 1 + sizes[_whenTrue[order[i]]] + sizes[_whenFalse[order[i]]];
        return sizes;
    }

    private T[] Sized<T>(string attribute, T[]? values) =>
        values?.Length == _ids.Length ? values : throw _node.Invalid($"'{attribute}' has {values?.Length ?? 0} values for {_ids.Length} nodes");
}
