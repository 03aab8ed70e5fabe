using System.Buffers.Binary;
using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Toolchain.Graph;
using K = EdgeMl.Mcu.Runtime.Typed.TreeEnsemble;

namespace EdgeMl.Mcu.Toolchain.Plan.Trees;

/// <summary>
/// Writes trees in groups, as many in each as the steps of 16 bits reach over; equal leaves of a group stand there once. The layout is described by
/// <see cref="K"/>.
/// </summary>
/// <param name="op">The trees.</param>
/// <param name="grid">The codes of thresholds, or null for keys.</param>
/// <param name="keys">The keys; none with a grid.</param>
internal sealed class TreeGroups(TreeEnsemble op, TreeGrid? grid, TreeKey[] keys)
{
    private const int EntriesMax = byte.MaxValue;

    private readonly int _nodeSize = grid is null ? K.KeyNodeSize : K.CodeNodeSize;
    private readonly Dictionary<TreeKey, int> _keys = keys.Select((key, index) => (key, index)).ToDictionary(pair => pair.key, pair => pair.index);

    /// <summary>The bytes of each group.</summary>
    /// <exception cref="LoweringException">A tree or a leaf is too large.</exception>
    public IReadOnlyList<byte[]> Write()
    {
        if (Array.Find(op.Leaves, leaf => leaf.Length > EntriesMax) is { } large)
            throw new LoweringException($"a leaf has {large.Length} weights, more than {EntriesMax}");
        var groups = new List<byte[]>();
        var group = new Group();
        foreach (int root in op.Roots)
        {
            Group extended = group.With(op, root, _nodeSize);
            if (extended.Bytes > ushort.MaxValue && group.Roots.Count > 0)
            {
                groups.Add(Write(group));
                extended = new Group().With(op, root, _nodeSize);
            }
            group = extended;
        }
        groups.Add(Write(group));
        return groups;
    }

    private byte[] Write(Group group)
    {
        int nodeBytes = group.Nodes.Count * _nodeSize;
        int header = K.GroupHeaderSize + (4 * group.Roots.Count);
        var bytes = new byte[header + group.Bytes];
        var offsets = new Dictionary<int, int>();
        for (int i = 0; i < group.Nodes.Count; i++)
            offsets.Add(group.Nodes[i], i * _nodeSize);
        int end = nodeBytes;
        foreach (int leaf in group.Leaves)
        {
            offsets.Add(~leaf, end);
            end += WriteLeaf(bytes.AsSpan(header + end), op.Leaves[leaf]);
        }
        BinaryPrimitives.WriteInt32LittleEndian(bytes, group.Roots.Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), nodeBytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), end - nodeBytes);
        for (int i = 0; i < group.Roots.Count; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(K.GroupHeaderSize + (4 * i)), offsets[group.Roots[i]]);
        foreach (int node in group.Nodes)
            WriteNode(bytes.AsSpan(header + offsets[node], _nodeSize), op.Nodes[node], offsets[node], offsets);
        return bytes;
    }

    private void WriteNode(Span<byte> record, TreeNode node, int offset, Dictionary<int, int> offsets)
    {
        if (grid is null)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(record, checked((ushort)_keys[TreeKey.Of(node)]));
            BinaryPrimitives.WriteInt32LittleEndian(record[2..], FloatBits.Key(BitConverter.SingleToInt32Bits(node.Threshold), false));
        }
        else
        {
            record[0] = (byte)node.Feature;
            record[1] = (byte)grid.Code(node.Threshold);
        }
        BinaryPrimitives.WriteUInt16LittleEndian(record[^4..], Step(offsets[node.Below] - offset));
        BinaryPrimitives.WriteUInt16LittleEndian(record[^2..], Step(offsets[node.Above] - offset));
    }

    private static ushort Step(int bytes) =>
        bytes <= ushort.MaxValue ? (ushort)bytes : throw new LoweringException($"a branch of a tree leads over {bytes} bytes; at most {ushort.MaxValue} are possible");

    private static int WriteLeaf(Span<byte> bytes, LeafWeight[] leaf)
    {
        bytes[0] = (byte)leaf.Length;
        for (int i = 0; i < leaf.Length; i++)
        {
            bytes[1 + (i * K.EntrySize)] = (byte)leaf[i].Target;
            BinaryPrimitives.WriteSingleLittleEndian(bytes[(2 + (i * K.EntrySize))..], leaf[i].Weight);
        }
        return LeafBytes(leaf);
    }

    private static int LeafBytes(LeafWeight[] leaf) => 1 + (leaf.Length * K.EntrySize);

    /// <summary>Trees whose nodes and leaves stand together.</summary>
    private sealed class Group
    {
        public List<int> Roots { get; init; } = [];

        public List<int> Nodes { get; init; } = [];

        public HashSet<int> Leaves { get; init; } = [];

        public int Bytes { get; private set; }

        /// <summary>The group with one tree more.</summary>
        public Group With(TreeEnsemble op, int root, int nodeSize)
        {
            var reached = new SortedSet<int>();
            var leaves = new HashSet<int>(Leaves);
            var open = new Stack<int>([root]);
            while (open.TryPop(out int at))
            {
                if (at < 0)
                    leaves.Add(~at);
                else if (reached.Add(at))
                {
                    open.Push(op.Nodes[at].Below);
                    open.Push(op.Nodes[at].Above);
                }
            }
            var group = new Group { Roots = [.. Roots, root], Nodes = [.. Nodes, .. reached], Leaves = leaves };
            group.Bytes = (group.Nodes.Count * nodeSize) + leaves.Sum(leaf => LeafBytes(op.Leaves[leaf]));
            return group;
        }
    }
}
