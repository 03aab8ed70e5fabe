using System.Globalization;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>The tree ensembles of the operator set ai.onnx.ml.</summary>
/// <remarks>
/// Sums and labels are ONNX Runtime's, with two exceptions where its results are not those of the frameworks: two classes that both have weights are decided by
/// the greater score, and LOGISTIC and SOFTMAX are always applied to the scores of a single column.
/// </remarks>
internal static class TreeEnsembles
{
    // Integers up to here are exact on the float executor.
    private const long MaxLabel = 1 << 24;

    // Sums of weights within this range never become infinite or subnormal.
    private const float MinWeight = 1e-30f;
    private const float MaxWeight = 1e30f;

    /// <summary>TreeEnsembleClassifier: label, scores.</summary>
    public static IReadOnlyList<Tensor> Classifier(OnnxNode node)
    {
        string[] names = node.Attributes.Texts("classlabels_strings") ?? [];
        long[] labels = node.Attributes.Integers("classlabels_int64s") ?? [];
        if (names.Length > 0 && labels.Length > 0)
            throw node.Invalid("it has labels of both kinds");
        int classes = Math.Max(names.Length, labels.Length);
        if (classes < 2)
            throw OnnxErrors.Unsupported($"{classes} class labels");
        if (labels.Any(label => Math.Abs((double)label) > MaxLabel))
            throw OnnxErrors.Unsupported($"a class label beyond ±{MaxLabel}");
        if (names.Length == 0)
            names = Array.ConvertAll(labels, label => label.ToString(CultureInfo.InvariantCulture));
        else
            labels = [.. Enumerable.Range(0, classes).Select(i => (long)i)];

        string transform = node.Attributes.Text("post_transform", "NONE");
        var leaves = new TreeLeaves(node, "class", classes);
        bool isSingle = classes == 2 && leaves.Targets.SequenceEqual([0]);
        if (classes == 2 && leaves.Targets.SequenceEqual([1]))
            throw OnnxErrors.Unsupported("two classes with weights for the second one only");
        BinaryScores binary = !isSingle ? BinaryScores.None
            : transform == "NONE" && leaves.AreAllPositive ? BinaryScores.Complement : BinaryScores.Opposite;
        int targets = isSingle ? 1 : classes;
        TreeEnsemble ensemble = Ensemble(node, leaves, targets, TreeAggregate.Sum, binary) with { Labels = labels, LabelNames = names };
        IReadOnlyList<Tensor> results = Emit(node, ensemble);
        Tensor scores = transform switch
        {
            "NONE" => results[0],
            "SOFTMAX" => node.Emit("softmax", new Softmax(), results[0].Shape, results[0]),
            "LOGISTIC" => node.Emit("logistic", new Unary(UnaryKind.Logistic), results[0].Shape, results[0]),
            _ => throw OnnxErrors.Unsupported($"the post-transform '{transform}'"),
        };
        return [results[1], scores];
    }

    /// <summary>TreeEnsembleRegressor.</summary>
    public static Tensor Regressor(OnnxNode node)
    {
        int targets = (int)Math.Clamp(node.Attributes.Integer("n_targets", 1), 0, int.MaxValue);
        if (targets == 0)
            throw node.Invalid("it has no targets");
        if (node.Attributes.Text("post_transform", "NONE") is not "NONE" and var transform)
            throw OnnxErrors.Unsupported($"the post-transform '{transform}'");
        TreeAggregate aggregate = node.Attributes.Text("aggregate_function", "SUM") switch
        {
            "SUM" => TreeAggregate.Sum,
            "AVERAGE" => TreeAggregate.Average,
            "MIN" => TreeAggregate.Min,
            "MAX" => TreeAggregate.Max,
            var name => throw OnnxErrors.Unsupported($"the aggregate '{name}'"),
        };
        return Emit(node, Ensemble(node, new TreeLeaves(node, "target", targets), targets, aggregate, BinaryScores.None))[0];
    }

    /// <summary>ZipMap: the scores as they are; the labels stand in the port of the scores.</summary>
    public static Tensor ZipMap(OnnxNode node)
    {
        node.Attributes.Ignore("classlabels_int64s", "classlabels_strings");
        return node.RealInput(0);
    }

    private static TreeEnsemble Ensemble(OnnxNode node, TreeLeaves leaves, int targets, TreeAggregate aggregate, BinaryScores binary)
    {
        Shape x = node.RealInput(0).Shape;
        if (x.Rank != 2)
            throw OnnxErrors.Unsupported($"an input of the shape {x}");
        if (leaves.Arrays.FeatureCount > x[1])
            throw node.Invalid($"it compares the feature {leaves.Arrays.FeatureCount - 1}, and its input has {x[1]}");
        double[] bases = node.Attributes.Doubles("base_values") ?? [];
        // A binary classifier may state both classes' values; only the second one's counts, as in ONNX Runtime.
        float[] baseValues = Array.ConvertAll(binary != BinaryScores.None && bases.Length == 2 ? [bases[1]] : bases, value => (float)value + 0f);
        if (baseValues.Length > 0 && baseValues.Length != targets)
            throw node.Invalid($"it has {baseValues.Length} base values for {targets} targets");
        (int[] roots, TreeNode[] nodes) = leaves.Arrays.Build(leaves.Of);
        if (Array.Exists(baseValues, value => !IsUsable(value)) || leaves.Weights.Any(leaf => leaf.Any(weight => !IsUsable(weight.Weight))))
            throw OnnxErrors.Unsupported($"a weight or base value that is not finite, or whose magnitude is not 0 and not in {MinWeight}..{MaxWeight}");
        return new TreeEnsemble(roots, nodes, [.. leaves.Weights], x[1], targets, aggregate, baseValues, binary, [], []);
    }

    private static bool IsUsable(float weight) => weight == 0 || MathF.Abs(weight) is >= MinWeight and <= MaxWeight;

    private static IReadOnlyList<Tensor> Emit(OnnxNode node, TreeEnsemble ensemble)
    {
        int rows = node.Input(0).Shape[0];
        var scores = (ElementType.Float32, new Shape(rows, ensemble.Scores));
        return ensemble.IsClassifier ? node.EmitAll(ensemble, scores, (ElementType.Int64, new Shape(rows))) : node.EmitAll(ensemble, scores);
    }
}
