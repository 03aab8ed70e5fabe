using System.Buffers.Binary;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan.Trees;
using EdgeMl.Mcu.Toolchain.Plan.Variants;
using K = EdgeMl.Mcu.Runtime.Typed.TreeEnsemble;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Tree ensembles: one layer, whose weights are all that there is.</summary>
internal static class TreeLowering
{
    private const int TargetsMax = byte.MaxValue + 1;

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
        IReadOnlyList<byte[]> groups = new TreeGroups(op, grid, keys).Write();
        bool hasLabel = op.IsClassifier;
        var weights = new List<byte>();
        AddInts(weights, op.Labels.Select(label => (int)label));
        AddInts(weights, op.BaseValues.Select(BitConverter.SingleToInt32Bits));
        AddInts(weights, keys.Select(key => (key.Feature << 1) + (key.MissingIsBelow ? 1 : 0)));
        weights.AddRange(groups.SelectMany(group => group));

        var parameters = new int[K.Count];
        parameters[K.Label] = hasLabel ? 0 : -1;
        parameters[K.Features] = op.Features;
        parameters[K.Keys] = keys.Length;
        parameters[K.Trees] = op.Roots.Length;
        parameters[K.Groups] = groups.Count;
        parameters[K.Targets] = op.Targets;
        parameters[K.Scores] = op.Scores;
        parameters[K.Aggregate] = op.Aggregate switch { TreeAggregate.Average => K.Average, TreeAggregate.Min => K.Min, TreeAggregate.Max => K.Max, _ => K.Sum };
        parameters[K.HasBase] = op.BaseValues.Length > 0 ? 1 : 0;
        parameters[K.IsComplement] = op.Binary == BinaryScores.Complement ? 1 : 0;
        var scores = new ArenaReference(K.Output, builder.Write(node.Output), 0);
        var layer = new DeviceLayer
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
        };
        builder.Add(layer with { PredictedIl = ScalarCost.Of(layer) });
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
