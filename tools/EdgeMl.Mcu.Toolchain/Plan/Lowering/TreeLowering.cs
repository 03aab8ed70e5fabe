using System.Buffers.Binary;
using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan.Trees;
using K = EdgeMl.Mcu.Runtime.Kernels.Typed.TreeEnsemble;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Tree ensembles: one layer, whose weights are all that there is.</summary>
internal static class TreeLowering
{
    private const int EntriesMax = byte.MaxValue;
    private const int TargetsMax = byte.MaxValue + 1;
    private const int NodeIl = 28;
    private const int TreeIl = 60;
    private const int ScoreIl = 70;
    private const int KeyIl = 50;

    /// <summary>Lowers a node whose input is either codes of <see cref="TreeGrid"/>, one byte each, or float32.</summary>
    public static void Lower(Node node, TreeEnsemble op, ProgramBuilder builder)
    {
        if (node.Input.Shape.ElementCount != op.Features)
            throw new LoweringException($"it has {node.Input.Shape.ElementCount / op.Features} rows; the device computes one at a time");
        if (op.Targets > TargetsMax)
            throw new LoweringException($"it has {op.Targets} targets, more than {TargetsMax}");
        ArenaBuffer input = builder.Read(node.Input);
        TreeGrid? grid = input.Bytes == op.Features ? TreeGrid.Of(op) : null;
        TreeKey[] keys = grid is null ? TreeKey.Of(op) : [];
        // The kernel tells keys from codes by their number; without any comparison one is read for nothing.
        if (grid is null && keys.Length == 0)
            keys = [new TreeKey(0, false)];
        int nodeSize = grid is null ? K.KeyNodeSize : K.CodeNodeSize;
        (byte[] leaves, int[] leafNumbers, int shift) = Leaves(op);
        byte[] nodes = Nodes(op, leafNumbers, grid, keys);
        bool hasLabel = op.IsClassifier;
        var weights = new List<byte>();
        AddInts(weights, op.Roots.Select(root => root < 0 ? -leafNumbers[~root] : 1 + (root * nodeSize)));
        AddInts(weights, op.Labels.Select(label => (int)label));
        AddInts(weights, op.BaseValues.Select(BitConverter.SingleToInt32Bits));
        AddInts(weights, keys.Select(key => (key.Feature << 1) + (key.MissingIsBelow ? 1 : 0)));
        weights.AddRange(nodes);
        weights.AddRange(leaves);

        var parameters = new int[K.Count];
        parameters[K.Label] = -1;
        parameters[K.Features] = op.Features;
        parameters[K.Keys] = keys.Length;
        parameters[K.Trees] = op.Roots.Length;
        parameters[K.NodeBytes] = nodes.Length;
        parameters[K.LeafShift] = shift;
        parameters[K.Targets] = op.Targets;
        parameters[K.Scores] = op.Scores;
        parameters[K.Aggregate] = op.Aggregate switch { TreeAggregate.Average => K.Average, TreeAggregate.Min => K.Min, TreeAggregate.Max => K.Max, _ => K.Sum };
        parameters[K.HasBase] = op.BaseValues.Length > 0 ? 1 : 0;
        parameters[K.IsComplement] = op.Binary == BinaryScores.Complement ? 1 : 0;
        var scores = new ArenaReference(K.Output, builder.Write(node.Output), 0);
        builder.Add(new DeviceLayer
        {
            Name = node.Name,
            Operator = op.Name,
            Kernel = OpCode.TreeEnsemble,
            Parameters = parameters,
            Reads = [new ArenaReference(K.Input, input, 0)],
            Writes = hasLabel ? [scores, new ArenaReference(K.Label, builder.Write(node.Outputs[1]), 0)] : [scores],
            Weights = [.. weights],
            OutputShape = node.Output.Shape,
            Lanes = op.Targets + keys.Length,
            PredictedIl = (long)(TreeVisits.Of(op).Sum() * NodeIl) + (TreeIl * op.Roots.Length) + (ScoreIl * op.Scores) + (KeyIl * keys.Length),
        });
    }

    private static byte[] Nodes(TreeEnsemble op, int[] leafNumbers, TreeGrid? grid, TreeKey[] keys)
    {
        int size = grid is null ? K.KeyNodeSize : K.CodeNodeSize;
        var indices = keys.Select((key, index) => (key, index)).ToDictionary(pair => pair.key, pair => pair.index);
        var bytes = new byte[op.Nodes.Length * size];
        for (int i = 0; i < op.Nodes.Length; i++)
        {
            TreeNode node = op.Nodes[i];
            Span<byte> record = bytes.AsSpan(i * size, size);
            if (grid is null)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(record, checked((ushort)indices[TreeKey.Of(node)]));
                BinaryPrimitives.WriteInt32LittleEndian(record[2..], FloatBits.Key(BitConverter.SingleToInt32Bits(node.Threshold), false));
            }
            else
            {
                record[0] = (byte)node.Feature;
                record[1] = (byte)grid.Code(node.Threshold);
            }
            BinaryPrimitives.WriteInt16LittleEndian(record[^4..], Step(i, node.Below, size, leafNumbers));
            BinaryPrimitives.WriteInt16LittleEndian(record[^2..], Step(i, node.Above, size, leafNumbers));
        }
        return bytes;
    }

    private static short Step(int from, int to, int size, int[] leafNumbers)
    {
        int step = to < 0 ? -leafNumbers[~to] : (to - from) * size;
        return step <= short.MaxValue ? (short)step : throw new LoweringException($"a branch leads over {to - from} nodes of a tree; at most {short.MaxValue / size} are possible");
    }

    /// <summary>The leaves one after another, the number of each, and how far a number is shifted for the offset.</summary>
    private static (byte[] Bytes, int[] Numbers, int Shift) Leaves(TreeEnsemble op)
    {
        if (Array.Find(op.Leaves, leaf => leaf.Length > EntriesMax) is { } large)
            throw new LoweringException($"a leaf has {large.Length} weights, more than {EntriesMax}");
        for (int shift = 0; shift <= K.MaxLeafShift; shift++)
        {
            var bytes = new List<byte>();
            var numbers = new List<int>();
            foreach (LeafWeight[] leaf in op.Leaves)
            {
                while (bytes.Count % (1 << shift) != 0)
                    bytes.Add(0);
                numbers.Add(bytes.Count >> shift);
                bytes.Add((byte)leaf.Length);
                foreach (LeafWeight weight in leaf)
                {
                    bytes.Add((byte)weight.Target);
                    bytes.AddRange(BitConverter.GetBytes(weight.Weight));
                }
            }
            if (numbers[^1] <= short.MaxValue)
                return ([.. bytes], [.. numbers], shift);
        }
        throw new LoweringException($"it has {op.Leaves.Length} leaves, more than their numbers can tell apart");
    }

    private static void AddInts(List<byte> bytes, IEnumerable<int> values)
    {
        Span<byte> buffer = stackalloc byte[sizeof(int)];
        foreach (int value in values)
        {
            BinaryPrimitives.WriteInt32LittleEndian(buffer, value);
            bytes.AddRange(buffer);
        }
    }
}
