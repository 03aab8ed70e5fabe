namespace EdgeMl.Mcu.Toolchain.Graph;

/// <summary>A comparison in a tree: <c>x[Feature] &lt;= Threshold</c>, in float32.</summary>
/// <param name="Feature">Index of the feature.</param>
/// <param name="Threshold">A number; the infinities are allowed.</param>
/// <param name="Below">Where to go if it holds: the index of a node behind this one, or <c>~index</c> of a leaf.</param>
/// <param name="Above">Where to go otherwise.</param>
/// <param name="MissingIsBelow">Whether NaN, for which no comparison holds, goes to <paramref name="Below"/>.</param>
public readonly record struct TreeNode(int Feature, float Threshold, int Below, int Above, bool MissingIsBelow);

/// <summary>What a leaf adds to a target.</summary>
/// <param name="Target">Index of the target.</param>
/// <param name="Weight">A finite number.</param>
public readonly record struct LeafWeight(int Target, float Weight);

/// <summary>How the leaves that a row reaches make one score.</summary>
public enum TreeAggregate
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their sum divided by the number of trees.</summary>
    Average,

    /// <summary>The least weight, 0 where no leaf has one.</summary>
    Min,

    /// <summary>The greatest weight, 0 where no leaf has one.</summary>
    Max,
}

/// <summary>How a single target stands for two classes.</summary>
public enum BinaryScores
{
    /// <summary>It does not: every target is a score.</summary>
    None,

    /// <summary>Scores <c>1 - s</c> and <c>s</c>.</summary>
    Complement,

    /// <summary>Scores <c>-s</c> and <c>s</c>.</summary>
    Opposite,
}

/// <summary>
/// Decision trees over rows of features. Input: x [N, features] float32. Outputs: scores [N, targets, or 2] float32 and, for a classifier, label [N] int64: the one at
/// the index of the greatest score, the lowest among equals.
/// </summary>
/// <remarks>
/// A score is the sum of the weights in the order of the trees, rounded to float32 after each addition, then divided for <see cref="TreeAggregate.Average"/>, then
/// the base value is added: the operations of ONNX Runtime, one thread, so that ties come out as there.
/// </remarks>
/// <param name="Roots">For each tree the index of its first node, or <c>~index</c> of its only leaf.</param>
/// <param name="Nodes">The nodes of all trees; each tree's reach only nodes that come later.</param>
/// <param name="Leaves">The leaves; several ends of trees may share one.</param>
/// <param name="Features">Number of features.</param>
/// <param name="Targets">Number of targets.</param>
/// <param name="Aggregate">How weights make a score.</param>
/// <param name="BaseValues">One number for each target, added last; empty for none.</param>
/// <param name="Binary">How a single target stands for two classes.</param>
/// <param name="Labels">For a classifier the label of each score, magnitudes at most 2^24, or the index where labels are text; empty for a regression.</param>
/// <param name="LabelNames">The labels as text, for reports; empty for a regression.</param>
public sealed record TreeEnsemble(
    int[] Roots, TreeNode[] Nodes, LeafWeight[][] Leaves, int Features, int Targets, TreeAggregate Aggregate, float[] BaseValues, BinaryScores Binary,
    long[] Labels, string[] LabelNames) : Operator
{
    /// <summary>Number of scores.</summary>
    public int Scores => Binary == BinaryScores.None ? Targets : 2;

    /// <summary>Whether there is a label output.</summary>
    public bool IsClassifier => Labels.Length > 0;

    /// <summary>Index of the leaf that a row reaches in a tree.</summary>
    public int Leaf(int tree, ReadOnlySpan<float> row)
    {
        int at = Roots[tree];
        while (at >= 0)
        {
            ref readonly TreeNode node = ref Nodes[at];
            float x = row[node.Feature];
            at = x <= node.Threshold || (node.MissingIsBelow && float.IsNaN(x)) ? node.Below : node.Above;
        }
        return ~at;
    }
}
