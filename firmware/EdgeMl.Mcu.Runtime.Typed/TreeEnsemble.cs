using System;
using EdgeMl.Mcu.Runtime.Arithmetic;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>Sums, minima or maxima of the leaves that one row of features reaches in decision trees, and the class of the greatest score.</summary>
/// <remarks>
/// Weights: class labels int32 × <see cref="Scores"/> where there is a label output, base values float32 × <see cref="Targets"/> where <see cref="HasBase"/>, and int32 ×
/// <see cref="Keys"/> twice the feature, plus 1 where NaN counts as less than all thresholds; then groups of trees, each with int32 numbers of trees, of bytes of nodes and of bytes of
/// leaves, for each tree the int32 offset where it begins behind these, then the nodes, then the leaves.
/// A node is its feature, its threshold, and two uint16, how many bytes further on it goes for a value that is at most the threshold, and else. Features and thresholds are one
/// unsigned byte each where <see cref="Keys"/> is 0: the input holds int8 codes. Otherwise they are the uint16 index of a key and an int32 key (<see cref="FloatBits.Key"/>), and keys
/// of the float32 input are taken first. A leaf is a byte count of entries, each a byte target and a float32 weight.
/// Scores are sums of float32 rounded after every addition, in the order of the trees, so that they have the same bits on every machine.
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

    /// <summary>Parameter: number of groups.</summary>
    public const int Groups = 6;

    /// <summary>Parameter: number of targets that leaves have weights for.</summary>
    public const int Targets = 7;

    /// <summary>Parameter: number of scores: the targets, or 2 for one target that stands for the second of two classes.</summary>
    public const int Scores = 8;

    /// <summary>Parameter: how leaves make a score: <see cref="Sum"/>, <see cref="Average"/>, <see cref="Min"/>, <see cref="Max"/>.</summary>
    public const int Aggregate = 9;

    /// <summary>Parameter: 1 where base values are added to the scores, 0 where there are none.</summary>
    public const int HasBase = 10;

    /// <summary>Parameter: 1 where the first of two classes scores 1 less the second one's, 0 where it scores the negated one's.</summary>
    public const int IsComplement = 11;

    /// <summary>Number of parameters.</summary>
    public const int Count = 12;

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

    /// <summary>Bytes before the offsets of a group's trees.</summary>
    public const int GroupHeaderSize = 12;

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
        int groups = layer.Range(Groups, 1, trees);
        int targets = layer.Range(Targets, 1, MaxTargets);
        int scores = layer.Range(Scores, targets, targets == 1 ? 2 : targets);
        layer.Range(Aggregate, Sum, Max);
        layer.Range(IsComplement, 0, 1);
        int hasBase = layer.Range(HasBase, 0, 1);
        bool hasLabel = layer.Int(Label) != -1;
        layer.Arena(Input, keys == 0 ? features : features << 2);
        layer.Arena(Output, scores << 2);
        if (hasLabel)
            layer.Arena(Label, 8);
        layer.Lanes((long)targets + keys);
        int table = (hasLabel ? scores << 2 : 0) + (hasBase == 0 ? 0 : targets << 2);
        int position = table + (keys << 2);
        layer.Check(position <= layer.WeightCount);
        for (; table < position && !layer.Failed; table += 4)
            layer.Check((uint)layer.WeightInt(table) >> 1 < features);
        for (int group = 0; group < groups && !layer.Failed; group++)
        {
            layer.Check(position <= layer.WeightCount - GroupHeaderSize);
            int count = layer.WeightInt(position);
            int nodeBytes = layer.WeightInt(position + 4);
            int leafBytes = layer.WeightInt(position + 8);
            int roots = position + GroupHeaderSize;
            layer.Check(count > 0 && count <= trees && nodeBytes >= 0 && leafBytes >= 0 && roots + (count * 4L) + nodeBytes + leafBytes <= layer.WeightCount);
            if (layer.Failed)
                return;
            trees -= count;
            int nodes = roots + (count << 2);
            position = nodes + nodeBytes + leafBytes;
            for (; roots < nodes && !layer.Failed; roots += 4)
                CheckEnd(layer, layer.WeightInt(roots), nodes, nodeBytes, leafBytes, keys, targets);
            CheckNodes(layer, nodes, nodeBytes, leafBytes, keys, targets);
        }
        layer.Check(trees == 0);
        layer.Weights(position);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        byte[] weights = frame.Weights;
        sbyte[] arena = frame.Arena;
        long[] lanes = frame.Lanes;
        byte[] parameters = frame.Parameters;
        int first = frame.ParameterOffset;
        int input = BitConverter.ToInt32(parameters, first);
        int label = BitConverter.ToInt32(parameters, first + (Label << 2));
        int keys = BitConverter.ToInt32(parameters, first + (Keys << 2));
        int targets = BitConverter.ToInt32(parameters, first + (Targets << 2));
        int scores = BitConverter.ToInt32(parameters, first + (Scores << 2));
        int aggregate = BitConverter.ToInt32(parameters, first + (Aggregate << 2));
        long empty = aggregate >= Min ? NoScore : 0;
        for (int i = 0; i < targets; i++)
            lanes[i] = empty;
        int bases = frame.WeightOffset + (label < 0 ? 0 : scores << 2);
        int position = BitConverter.ToInt32(parameters, first + (HasBase << 2)) == 0 ? bases : bases + (targets << 2);
        bool hasBase = position > bases;
        if (keys > 0)
            position = ReadKeys(frame, input, position, keys, targets);
        for (int group = frame.Int(Groups); group > 0; group--)
        {
            int root = position + GroupHeaderSize;
            int nodes = root + (BitConverter.ToInt32(weights, position) << 2);
            int leaves = nodes + BitConverter.ToInt32(weights, position + 4);
            position = leaves + BitConverter.ToInt32(weights, position + 8);
            for (; root < nodes; root += 4)
            {
                int node = nodes + BitConverter.ToInt32(weights, root);
                if (keys == 0)
                {
                    while (node < leaves)
                    {
                        if (arena[input + weights[node]] > weights[node + 1])
                            node += BitConverter.ToUInt16(weights, node + 4);
                        else
                            node += BitConverter.ToUInt16(weights, node + 2);
                    }
                }
                else
                {
                    while (node < leaves)
                    {
                        if (lanes[targets + BitConverter.ToUInt16(weights, node)] > BitConverter.ToInt32(weights, node + 2))
                            node += BitConverter.ToUInt16(weights, node + 8);
                        else
                            node += BitConverter.ToUInt16(weights, node + 6);
                    }
                }
                int end = node + (weights[node] * EntrySize);
                if (aggregate < Min)
                {
                    while (node < end)
                    {
                        int target = weights[node + 1];
                        lanes[target] = BitConverter.DoubleToInt64Bits((float)(BitConverter.Int64BitsToDouble(lanes[target]) + BitConverter.ToSingle(weights, node + 2)));
                        node += EntrySize;
                    }
                }
                else
                {
                    Compare(weights, lanes, node, end, aggregate == Min);
                }
            }
        }
        int best = Finish(frame, targets, aggregate == Average, hasBase ? bases : -1, scores > targets);
        if (label >= 0)
            WriteLabel(arena, label, BitConverter.ToInt32(weights, frame.WeightOffset + (best << 2)));
    }

    private static void Compare(byte[] weights, long[] lanes, int entry, int end, bool isMin)
    {
        for (; entry < end; entry += EntrySize)
        {
            int target = weights[entry + 1];
            double weight = BitConverter.ToSingle(weights, entry + 2);
            if (lanes[target] == NoScore || isMin != BitConverter.Int64BitsToDouble(lanes[target]) < weight)
                lanes[target] = BitConverter.DoubleToInt64Bits(weight);
        }
    }

    /// <summary>Writes the keys behind the sums; gives the end of their table.</summary>
    private static int ReadKeys(Frame frame, int input, int table, int keys, int lane)
    {
        int end = table + (keys << 2);
        while (table < end)
        {
            int key = BitConverter.ToInt32(frame.Weights, table);
            frame.Lanes[lane++] = FloatBits.Key(Element.ReadInt32(frame.Arena, input + ((key >> 1) << 2)), (key & 1) != 0);
            table += 4;
        }
        return end;
    }

    /// <summary>Writes the scores; gives the index of the greatest one, the lowest among equals.</summary>
    private static int Finish(Frame frame, int targets, bool isAverage, int bases, bool isBinary)
    {
        sbyte[] arena = frame.Arena;
        long[] lanes = frame.Lanes;
        int trees = isAverage ? frame.Int(Trees) : 0;
        int y = frame.Int(Output);
        int best = 0;
        float greatest = 0;
        Array.Clear(arena, y, targets << 2);
        for (int i = 0; i < targets; i++)
        {
            long held = lanes[i];
            float score = held == NoScore ? 0 : (float)BitConverter.Int64BitsToDouble(held);
            if (isAverage)
                score = score / trees;
            if (bases >= 0)
                score = score + BitConverter.ToSingle(frame.Weights, bases + (i << 2));
            if (score > greatest || i == 0)
            {
                greatest = score;
                best = i;
            }
            if (score != 0)
                FloatBits.WriteNormal(arena, y + (i << 2), score);
        }
        if (!isBinary)
            return best;
        float other = frame.Int(IsComplement) != 0 ? 1 - greatest : -greatest;
        FloatBits.Write(arena, y, other);
        FloatBits.Write(arena, y + 4, greatest);
        return greatest > other ? 1 : 0;
    }

    private static void WriteLabel(sbyte[] arena, int offset, int value)
    {
        Array.Clear(arena, offset, 8);
        Element.WriteInt32(arena, offset, value);
        if (value < 0)
            Element.WriteInt32(arena, offset + 4, -1);
    }

    private static void CheckNodes(LayerReader layer, int nodes, int nodeBytes, int leafBytes, int keys, int targets)
    {
        int size = keys == 0 ? CodeNodeSize : KeyNodeSize;
        int features = keys == 0 ? layer.Int(Features) : keys;
        layer.Check(nodeBytes % size == 0);
        for (int node = 0; node < nodeBytes && !layer.Failed; node += size)
        {
            int position = nodes + node;
            layer.Check((keys == 0 ? layer.WeightByte(position) & 0xFF : layer.WeightShort(position) & 0xFFFF) < features);
            for (int child = size - 4; child < size; child += 2)
            {
                int step = layer.WeightShort(position + child) & 0xFFFF;
                layer.Check(step > 0);
                CheckEnd(layer, node + step, nodes, nodeBytes, leafBytes, keys, targets);
            }
        }
    }

    /// <summary>What a branch leads to is a node, or a leaf of which all lies among the leaves.</summary>
    private static void CheckEnd(LayerReader layer, int offset, int nodes, int nodeBytes, int leafBytes, int keys, int targets)
    {
        if (offset < nodeBytes)
        {
            layer.Check(offset >= 0 && offset % (keys == 0 ? CodeNodeSize : KeyNodeSize) == 0);
            return;
        }
        int leaves = nodeBytes + leafBytes;
        layer.Check(offset < leaves);
        if (layer.Failed)
            return;
        int end = offset + ((layer.WeightByte(nodes + offset) & 0xFF) * EntrySize);
        layer.Check(end < leaves);
        for (; offset < end && !layer.Failed; offset += EntrySize)
            layer.Check((layer.WeightByte(nodes + offset + 1) & 0xFF) < targets);
    }
}
