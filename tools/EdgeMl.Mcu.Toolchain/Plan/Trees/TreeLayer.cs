using EdgeMl.Mcu.Runtime.Format;
using K = EdgeMl.Mcu.Runtime.Typed.TreeEnsemble;

namespace EdgeMl.Mcu.Toolchain.Plan.Trees;

/// <summary>A comparison of a lowered tree ensemble: a value of at most <paramref name="Threshold"/> goes to <paramref name="Below"/>.</summary>
/// <param name="Value">Index of the code or key.</param>
/// <param name="Threshold">The threshold as code or key.</param>
/// <param name="Below">Position of a node or leaf.</param>
/// <param name="Above">Position of a node or leaf.</param>
internal sealed record TreeBranch(int Value, int Threshold, int Below, int Above);

/// <summary>What <see cref="K"/> reads from a lowered layer. Nodes and leaves are named by their positions in the weights.</summary>
internal sealed class TreeLayer
{
    private TreeLayer(DeviceLayer layer)
    {
        Layer = layer;
        int[] parameters = layer.Parameters;
        byte[] weights = layer.Weights;
        KeyCount = parameters[K.Keys];
        Features = parameters[K.Features];
        Targets = parameters[K.Targets];
        Scores = parameters[K.Scores];
        HasLabel = parameters[K.Label] != -1;
        Aggregate = parameters[K.Aggregate];
        IsComplement = parameters[K.IsComplement] != 0;
        int position = 0;
        Labels = HasLabel ? Ints(weights, ref position, Scores) : [];
        BaseValues = parameters[K.HasBase] != 0 ? Array.ConvertAll(Ints(weights, ref position, Targets), BitConverter.Int32BitsToSingle) : [];
        Keys = Ints(weights, ref position, KeyCount);
        for (int group = 0; group < parameters[K.Groups]; group++)
            position = ReadGroup(weights, position);
    }

    /// <summary>The lowered layer.</summary>
    public DeviceLayer Layer { get; }

    /// <summary>Number of keys, 0 for codes.</summary>
    public int KeyCount { get; }

    /// <summary>For each key twice its feature, plus 1 where NaN counts as the least.</summary>
    public int[] Keys { get; }

    /// <summary>Number of features.</summary>
    public int Features { get; }

    /// <summary>Number of targets.</summary>
    public int Targets { get; }

    /// <summary>Number of scores.</summary>
    public int Scores { get; }

    /// <summary>Whether there is a label output.</summary>
    public bool HasLabel { get; }

    /// <summary>The kernel's number of the aggregate.</summary>
    public int Aggregate { get; }

    /// <summary>As the kernel's parameter.</summary>
    public bool IsComplement { get; }

    /// <summary>Label of each score; none without a label output.</summary>
    public int[] Labels { get; }

    /// <summary>Base value of each target; none where nothing is added.</summary>
    public float[] BaseValues { get; }

    /// <summary>Where each tree begins.</summary>
    public List<int> Roots { get; } = [];

    /// <summary>The comparisons.</summary>
    public Dictionary<int, TreeBranch> Branches { get; } = [];

    /// <summary>The leaves: targets and weights.</summary>
    public Dictionary<int, (int Target, float Weight)[]> Leaves { get; } = [];

    /// <summary>Decodes a layer; null for one of another kernel.</summary>
    public static TreeLayer? From(DeviceLayer layer) => layer.Kernel == OpCode.TreeEnsemble ? new TreeLayer(layer) : null;

    /// <summary>The comparisons of a tree in ascending order: each before those that follow it.</summary>
    public IReadOnlyList<int> Reach(int root)
    {
        var reached = new SortedSet<int>();
        var open = new Stack<int>([root]);
        while (open.TryPop(out int at))
        {
            if (!Branches.TryGetValue(at, out TreeBranch? branch) || !reached.Add(at))
                continue;
            open.Push(branch.Below);
            open.Push(branch.Above);
        }
        return [.. reached];
    }

    /// <summary>How often one inference comes to each node and leaf of some trees, if both branches of every node are equally likely.</summary>
    public Dictionary<int, double> Visits(IEnumerable<int> roots)
    {
        Dictionary<int, double> visits = roots.GroupBy(root => root).ToDictionary(group => group.Key, group => (double)group.Count());
        // Steps lead forward only, so all ways to a node are counted before those from it.
        foreach (int at in visits.Keys.SelectMany(Reach).Distinct().Order().ToList())
        {
            foreach (int next in new[] { Branches[at].Below, Branches[at].Above })
                visits[next] = visits.GetValueOrDefault(next) + (visits[at] / 2);
        }
        return visits;
    }

    private int ReadGroup(byte[] weights, int position)
    {
        int size = KeyCount == 0 ? K.CodeNodeSize : K.KeyNodeSize;
        int[] header = Ints(weights, ref position, K.GroupHeaderSize / sizeof(int));
        int[] roots = Ints(weights, ref position, header[0]);
        int leaves = position + header[1];
        Roots.AddRange(roots.Select(root => position + root));
        for (int at = position; at < leaves; at += size)
        {
            (int value, int threshold) = KeyCount == 0
                ? (weights[at], weights[at + 1])
                : (BitConverter.ToUInt16(weights, at), BitConverter.ToInt32(weights, at + 2));
            int below = at + BitConverter.ToUInt16(weights, at + size - 4);
            int above = at + BitConverter.ToUInt16(weights, at + size - 2);
            Branches.Add(at, new TreeBranch(value, threshold, below, above));
        }
        int end = leaves + header[2];
        for (int at = leaves; at < end; at += 1 + (weights[at] * K.EntrySize))
        {
            int first = at + 1;
            Leaves.Add(at, [.. Enumerable.Range(0, weights[at]).Select(i => ((int)weights[first + (i * K.EntrySize)], BitConverter.ToSingle(weights, first + 1 + (i * K.EntrySize))))]);
        }
        return end;
    }

    private static int[] Ints(byte[] bytes, ref int position, int count)
    {
        var values = new int[count];
        Buffer.BlockCopy(bytes, position, values, 0, sizeof(int) * count);
        position += sizeof(int) * count;
        return values;
    }
}
