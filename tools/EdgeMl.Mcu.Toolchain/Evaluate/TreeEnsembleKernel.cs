using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Decision trees, row by row; see <see cref="TreeEnsemble"/>.</summary>
internal static class TreeEnsembleKernel
{
    public static void Run(NodeCall call)
    {
        var op = call.Operator<TreeEnsemble>();
        int rows = call.Input.Length / op.Features;
        for (int row = 0; row < rows; row++)
        {
            Span<float> scores = call.Output.AsSpan(row * op.Scores, op.Scores);
            Score(op, call.Input.AsSpan(row * op.Features, op.Features), scores);
            if (op.IsClassifier)
                call.OutputAt(1)[row] = op.Labels[ArgMax(scores)];
        }
    }

    private static void Score(TreeEnsemble op, ReadOnlySpan<float> features, Span<float> scores)
    {
        Span<float> targets = scores[..op.Targets];
        bool isSum = op.Aggregate is TreeAggregate.Sum or TreeAggregate.Average;
        targets.Fill(isSum ? 0 : float.NaN);
        for (int tree = 0; tree < op.Roots.Length; tree++)
        {
            foreach (LeafWeight leaf in op.Leaves[op.Leaf(tree, features)])
            {
                ref float score = ref targets[leaf.Target];
                if (isSum)
                    score += leaf.Weight;
                else if (float.IsNaN(score) || (op.Aggregate == TreeAggregate.Min ? leaf.Weight < score : leaf.Weight > score))
                    score = leaf.Weight;
            }
        }
        for (int i = 0; i < targets.Length; i++)
        {
            float score = float.IsNaN(targets[i]) ? 0 : targets[i];
            if (op.Aggregate == TreeAggregate.Average)
                score /= op.Roots.Length;
            if (op.BaseValues.Length > 0)
                score += op.BaseValues[i];
            targets[i] = score;
        }
        if (op.Binary != BinaryScores.None)
            (scores[0], scores[1]) = (op.Binary == BinaryScores.Complement ? 1 - scores[0] : -scores[0], scores[0]);
    }

    private static int ArgMax(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[best])
                best = i;
        }
        return best;
    }
}
