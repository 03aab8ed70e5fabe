using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Testing;

/// <summary>Random tree ensembles, and rows of features that come close to their thresholds.</summary>
public static class RandomTrees
{
    /// <summary>An ensemble of one to six trees over one to nine features: sums, averages or extremes, a regression or a classifier, thresholds on a grid or anywhere.</summary>
    public static TreeEnsemble Create(int seed)
    {
        var random = new Random(seed);
        int features = random.Next(1, 10);
        bool isClassifier = random.Next(2) == 0;
        bool isBinary = isClassifier && random.Next(3) == 0;
        int targets = isBinary ? 1 : random.Next(isClassifier ? 2 : 1, 6);
        int scores = isBinary ? 2 : targets;
        bool isOnGrid = random.Next(2) == 0;
        bool missingIsBelow = !isOnGrid && random.Next(2) == 0;
        var nodes = new List<TreeNode>();
        var leaves = new List<LeafWeight[]>();
        int[] roots = [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => Grow(random.Next(7)))];
        return new TreeEnsemble(
            roots, [.. nodes], [.. leaves], features, targets, isClassifier ? TreeAggregate.Sum : (TreeAggregate)random.Next(4),
            random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, targets).Select(_ => Weight(random))],
            isBinary ? (BinaryScores)random.Next(1, 3) : BinaryScores.None,
            isClassifier ? [.. Enumerable.Range(0, scores).Select(i => (long)(i * random.Next(-5, 300)))] : [],
            isClassifier ? [.. Enumerable.Range(0, scores).Select(i => $"class {i}")] : []);

        int Grow(int depth)
        {
            if (depth == 0 || random.Next(6) == 0)
            {
                leaves.Add([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new LeafWeight(random.Next(targets), Weight(random)))]);
                return ~(leaves.Count - 1);
            }
            int at = nodes.Count;
            nodes.Add(default);
            nodes[at] = new TreeNode(random.Next(features), Threshold(random, isOnGrid), Grow(depth - 1), Grow(depth - 1), missingIsBelow && random.Next(2) == 0);
            return at;
        }
    }

    /// <summary>A graph of one ensemble, with the inputs and outputs of an ONNX model.</summary>
    public static ModelGraph Graph(TreeEnsemble ensemble)
    {
        var x = new Tensor("x", ElementType.Float32, new Shape(1, ensemble.Features));
        var scores = new Tensor("scores", ElementType.Float32, new Shape(1, ensemble.Scores));
        var label = new Tensor("label", ElementType.Int64, new Shape(1));
        var graph = new ModelGraph { Name = "trees" };
        graph.Inputs.Add(new GraphPort(x));
        graph.Nodes.Add(new Node("trees", ensemble, [x], ensemble.IsClassifier ? [scores, label] : [scores]));
        if (ensemble.IsClassifier)
            graph.Outputs.Add(new GraphPort(label));
        graph.Outputs.Add(new GraphPort(scores));
        return graph;
    }

    /// <summary>Rows whose values are thresholds, their neighbours, NaN, infinities, zeros of both signs, subnormal, and anything else.</summary>
    public static float[][] Rows(TreeEnsemble ensemble, int count, int seed)
    {
        var random = new Random(seed);
        float[] thresholds = [.. ensemble.Nodes.Select(node => node.Threshold), 0];
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, ensemble.Features).Select(_ => Value()).ToArray())];

        float Value()
        {
            float threshold = thresholds[random.Next(thresholds.Length)];
            return random.Next(12) switch
            {
                0 or 1 or 2 => threshold,
                3 => MathF.BitIncrement(threshold),
                4 => MathF.BitDecrement(threshold),
                5 => float.NaN,
                6 => random.Next(2) == 0 ? float.PositiveInfinity : float.NegativeInfinity,
                7 => random.Next(2) == 0 ? 0f : -0f,
                8 => random.Next(2) == 0 ? float.Epsilon : -float.Epsilon,
                9 => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)),
                _ => (random.NextSingle() * 20) - 5,
            };
        }
    }

    private static float Threshold(Random random, bool isOnGrid) => isOnGrid
        ? random.Next(-20, 60) / 4f
        : random.Next(8) switch
        {
            0 => 0f,
            1 => -0f,
            2 => float.Epsilon,
            3 => random.Next(2) == 0 ? float.PositiveInfinity : float.NegativeInfinity,
            _ => (random.NextSingle() * 20) - 5,
        };

    // Few values, so that scores are often equal.
    private static float Weight(Random random) => random.Next(5) switch { 0 => 0, 1 => 0.1f, 2 => 1f / 3, 3 => -0.25f, _ => random.NextSingle() - 0.5f };
}
