using System;
using EdgeMl.Mcu.Runtime.Arithmetic;

namespace EdgeMl.Mcu.Runtime.Kernels.Typed;

/// <summary>Sums, minima or maxima of the leaves that one row of features reaches in decision trees, and the class of the greatest score.</summary>
/// <remarks>
/// Weights: the start of each tree int32 × <see cref="Trees"/>, class labels int32 × <see cref="Scores"/> where there is a label output, base values float32 ×
/// <see cref="Targets"/> where <see cref="HasBase"/>; where keys are read, <see cref="Keys"/> pairs of uint16: twice the feature, plus 1 where NaN counts as less than all
/// thresholds, and 0; then nodes; then leaves. A node is its feature, its threshold, and two int16, where to go for a value that is at most the threshold, and else.
/// Features and thresholds are one unsigned byte each where <see cref="Keys"/> is 0: the input holds int8 codes. Otherwise they are a uint16 index of a key and
/// an int32 key; keys (<see cref="FloatBits.Key"/>) are taken of the float32 input first.
/// A positive step leads from the node to another one, that many bytes further on. Any other one is the negated number of a leaf, which begins <c>number &lt;&lt; LeafShift</c>
/// bytes behind the nodes: a byte count of entries, each a byte target and a float32 weight. The start of a tree is 1 plus the offset of its first node among the nodes, or the
/// negated number of its only leaf.
/// Scores are sums of float32 rounded after every addition, in the order of the trees, so that they are the same bits on every machine.
/// </remarks>
public sealed class TreeEnsemble : Kernel
{
    /// <summary>Parameter: offset of the input in the arena.</summary>
    public const int Input = 0;

    /// <summary>Parameter: offset of the scores in the arena, float32.</summary>
    public const int Output = 1;

    /// <summary>Parameter: offset of the label in the arena, int64; -1 for none.</summary>
    public const int Label = 2;

    /// <summary>Parameter: number of features.</summary>
    public const int Features = 3;

    /// <summary>Parameter: number of keys that are taken of the features, 0 where the input holds codes.</summary>
    public const int Keys = 4;

    /// <summary>Parameter: number of trees.</summary>
    public const int Trees = 5;

    /// <summary>Parameter: bytes of all nodes.</summary>
    public const int NodeBytes = 6;

    /// <summary>Parameter: how far a leaf's number is shifted for its offset.</summary>
    public const int LeafShift = 7;

    /// <summary>Parameter: number of targets that leaves have weights for.</summary>
    public const int Targets = 8;

    /// <summary>Parameter: number of scores: the targets, or 2 for one target that stands for the second of two classes.</summary>
    public const int Scores = 9;

    /// <summary>Parameter: how leaves make a score: <see cref="Sum"/>, <see cref="Average"/>, <see cref="Min"/>, <see cref="Max"/>.</summary>
    public const int Aggregate = 10;

    /// <summary>Parameter: 1 where base values are added to the scores, 0 where there are none.</summary>
    public const int HasBase = 11;

    /// <summary>Parameter: 1 where the first of two classes scores 1 less the second one's, 0 where it scores the negated one's.</summary>
    public const int IsComplement = 12;

    /// <summary>Number of parameters.</summary>
    public const int Count = 13;

    /// <summary>Aggregate: the sum over the trees.</summary>
    public const int Sum = 0;

    /// <summary>Aggregate: the sum divided by the number of trees.</summary>
    public const int Average = 1;

    /// <summary>Aggregate: the least.</summary>
    public const int Min = 2;

    /// <summary>Aggregate: the greatest.</summary>
    public const int Max = 3;

    /// <summary>Bytes of a node with codes.</summary>
    public const int CodeNodeSize = 6;

    /// <summary>Bytes of a node with keys.</summary>
    public const int KeyNodeSize = 10;

    /// <summary>Bytes of one entry of a leaf.</summary>
    public const int EntrySize = 5;

    /// <summary>Greatest value of <see cref="LeafShift"/>.</summary>
    public const int MaxLeafShift = 8;

    private const int MaxTargets = 256;
    private const int MaxKeys = 1 << 16;

    // What a minimum or maximum begins with: the bits of a NaN, which no weight or sum has.
    private const long NoScore = 0x7FF8000000000000;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        int keys = layer.Range(Keys, 0, MaxKeys);
        int features = layer.Range(Features, 1, MaxKeys >> 1);
        int trees = layer.Range(Trees, 1, MaxKeys);
        int targets = layer.Range(Targets, 1, MaxTargets);
        int scores = layer.Range(Scores, targets, targets == 1 ? 2 : targets);
        int nodeBytes = layer.Range(NodeBytes, 0, Format.ModelFormat.MaxBytes);
        layer.Range(LeafShift, 0, MaxLeafShift);
        layer.Range(Aggregate, Sum, Max);
        layer.Range(IsComplement, 0, 1);
        int hasBase = layer.Range(HasBase, 0, 1);
        layer.Arena(Input, keys == 0 ? features : features << 2);
        layer.Arena(Output, scores << 2);
        if (layer.Int(Label) != -1)
            layer.Arena(Label, 8);
        layer.Lanes((long)targets + keys);
        int tables = (trees << 2) + (layer.Int(Label) == -1 ? 0 : scores << 2) + (hasBase == 0 ? 0 : targets << 2);
        int nodes = tables + (keys << 2);
        int nodeSize = keys == 0 ? CodeNodeSize : KeyNodeSize;
        int bytes = layer.WeightCount;
        layer.Check(nodeBytes % nodeSize == 0 && (long)nodes + nodeBytes <= bytes);
        for (int tree = 0; tree < trees && !layer.Failed; tree++)
        {
            int start = layer.WeightInt(tree << 2);
            if (start > 0)
                layer.Check(start <= nodeBytes && (start - 1) % nodeSize == 0);
            else
                CheckLeaf(layer, -(long)start, nodes + nodeBytes, bytes, targets);
        }
        for (int key = tables; key < nodes && !layer.Failed; key += 4)
            layer.Check((layer.WeightInt(key) & 0xFFFF) >> 1 < features);
        for (int node = 0; node < nodeBytes && !layer.Failed; node += nodeSize)
        {
            int position = nodes + node;
            layer.Check(keys == 0 ? (layer.WeightByte(position) & 0xFF) < features : (layer.WeightShort(position) & 0xFFFF) < keys);
            for (int child = position + nodeSize - 4; child < position + nodeSize; child += 2)
            {
                int step = layer.WeightShort(child);
                if (step > 0)
                    layer.Check(step % nodeSize == 0 && node + step < nodeBytes);
                else
                    CheckLeaf(layer, -step, nodes + nodeBytes, bytes, targets);
            }
        }
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        byte[] weights = frame.Weights;
        long[] lanes = frame.Lanes;
        int targets = frame.Int(Targets);
        int keys = frame.Int(Keys);
        int aggregate = frame.Int(Aggregate);
        long empty = aggregate >= Min ? NoScore : 0;
        for (int i = 0; i < targets; i++)
            lanes[i] = empty;
        int roots = frame.WeightOffset;
        int end = roots + (frame.Int(Trees) << 2);
        int tables = end + (frame.Int(Label) < 0 ? 0 : frame.Int(Scores) << 2) + (frame.Int(HasBase) == 0 ? 0 : targets << 2);
        int nodes = tables + (keys << 2);
        int leaves = nodes + frame.Int(NodeBytes);
        int shift = frame.Int(LeafShift);
        int input = frame.Int(Input);
        if (keys > 0)
            ReadKeys(frame, tables, keys, targets);
        for (int root = roots; root < end; root += 4)
        {
            int step = BitConverter.ToInt32(weights, root);
            if (step > 0)
                step = keys > 0 ? WalkKeys(weights, lanes, targets, nodes + step - 1) : WalkCodes(weights, frame.Arena, input, nodes + step - 1);
            int leaf = leaves + (-step << shift);
            int last = leaf + (weights[leaf] * EntrySize);
            for (leaf++; leaf < last; leaf += EntrySize)
            {
                int target = weights[leaf];
                double weight = BitConverter.ToSingle(weights, leaf + 1);
                long held = lanes[target];
                if (aggregate < Min)
                    weight = (float)(BitConverter.Int64BitsToDouble(held) + weight);
                else if (held != NoScore && (aggregate == Min) == (BitConverter.Int64BitsToDouble(held) < weight))
                    continue;
                lanes[target] = BitConverter.DoubleToInt64Bits(weight);
            }
        }
        Finish(frame, end);
    }

    private static int WalkCodes(byte[] weights, sbyte[] arena, int input, int node)
    {
        int step;
        while (true)
        {
            if (arena[input + weights[node]] > weights[node + 1])
                step = BitConverter.ToInt16(weights, node + 4);
            else
                step = BitConverter.ToInt16(weights, node + 2);
            if (step <= 0)
                return step;
            node += step;
        }
    }

    private static int WalkKeys(byte[] weights, long[] lanes, int firstKey, int node)
    {
        int step;
        while (true)
        {
            if (lanes[firstKey + BitConverter.ToUInt16(weights, node)] > BitConverter.ToInt32(weights, node + 2))
                step = BitConverter.ToInt16(weights, node + 8);
            else
                step = BitConverter.ToInt16(weights, node + 6);
            if (step <= 0)
                return step;
            node += step;
        }
    }

    private static void ReadKeys(Frame frame, int table, int keys, int lane)
    {
        int input = frame.Int(Input);
        int end = lane + keys;
        while (lane < end)
        {
            int key = BitConverter.ToUInt16(frame.Weights, table);
            frame.Lanes[lane++] = FloatBits.Key(Element.ReadInt32(frame.Arena, input + ((key >> 1) << 2)), (key & 1) != 0);
            table += 4;
        }
    }

    private static void Finish(Frame frame, int table)
    {
        sbyte[] arena = frame.Arena;
        byte[] weights = frame.Weights;
        int targets = frame.Int(Targets);
        int scores = frame.Int(Scores);
        int label = frame.Int(Label);
        bool isAverage = frame.Int(Aggregate) == Average;
        bool hasBase = frame.Int(HasBase) != 0;
        int labels = table;
        int bases = label < 0 ? table : table + (scores << 2);
        int y = frame.Int(Output);
        int best = 0;
        float greatest = 0;
        Array.Clear(arena, y, scores << 2);
        for (int i = 0; i < targets; i++)
        {
            long held = frame.Lanes[i];
            float score = held == NoScore ? 0 : (float)BitConverter.Int64BitsToDouble(held);
            if (isAverage)
                score = score / frame.Int(Trees);
            if (hasBase)
                score = score + BitConverter.ToSingle(weights, bases + (i << 2));
            if (scores > targets)
            {
                float first = frame.Int(IsComplement) != 0 ? 1 - score : -score;
                FloatBits.Write(arena, y, first);
                FloatBits.Write(arena, y + 4, score);
                best = score > first ? 1 : 0;
                continue;
            }
            if (score != 0)
                FloatBits.Write(arena, y + (i << 2), score);
            if (i == 0 || score > greatest)
            {
                greatest = score;
                best = i;
            }
        }
        if (label >= 0)
            Element.Write(arena, label, (int)Format.TensorType.Int64, BitConverter.ToInt32(weights, labels + (best << 2)));
    }

    private static void CheckLeaf(LayerReader layer, long number, int leaves, int bytes, int targets)
    {
        long start = leaves + (number << layer.Int(LeafShift));
        layer.Check(start < bytes);
        if (layer.Failed)
            return;
        int leaf = (int)start;
        int last = leaf + ((layer.WeightByte(leaf) & 0xFF) * EntrySize);
        layer.Check(last < bytes);
        for (leaf++; leaf < last && !layer.Failed; leaf += EntrySize)
            layer.Check((layer.WeightByte(leaf) & 0xFF) < targets);
    }
}
