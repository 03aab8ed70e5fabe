using EdgeMl.Mcu.Toolchain.Import;

namespace EdgeMl.Mcu.Toolchain.Tests.Trees;

/// <summary>Arrays that are no trees, and what is not supported.</summary>
public sealed class TreeRefusalTests
{
    private static readonly Dictionary<string, (Func<TreeModel> Create, string Code, string Message)> Cases = new()
    {
        ["missing child"] = (() => new TreeModel().Branch(0, 0, "BRANCH_LEQ", 0, 1, 1, 5).Leaf(0, 1, (0, 1)), ErrorCodes.OnnxInvalid, "goes to the node 5, which is missing"),
        ["cycle without root"] = (() => new TreeModel().Branch(0, 0, "BRANCH_LEQ", 0, 1, 1, 2).Branch(0, 1, "BRANCH_LEQ", 0, 1, 0, 3).Leaf(0, 2, (0, 1)).Leaf(0, 3, (0, 1)), ErrorCodes.OnnxInvalid, "form a cycle"),
        ["cycle beside a tree"] = (() => new TreeModel().Leaf(0, 9, (0, 1)).Branch(0, 0, "BRANCH_LEQ", 0, 1, 1, 2).Branch(0, 1, "BRANCH_LEQ", 0, 1, 0, 3).Leaf(0, 2, (0, 1)).Leaf(0, 3, (0, 1)), ErrorCodes.OnnxInvalid, "is in a cycle"),
        ["two parents"] = (() => new TreeModel().Branch(0, 0, "BRANCH_LEQ", 0, 1, 1, 1).Leaf(0, 1, (0, 1)), ErrorCodes.OnnxInvalid, "follows 2 branches"),
        ["two roots"] = (() => new TreeModel().Leaf(0, 0, (0, 1)).Leaf(0, 1, (0, 1)), ErrorCodes.OnnxInvalid, "two roots"),
        ["same node twice"] = (() => new TreeModel().Leaf(0, 0, (0, 1)).Leaf(0, 0, (0, 1)), ErrorCodes.OnnxInvalid, "the node 0 twice"),
        ["leaf without weights"] = (() => new TreeModel().Branch(0, 0, "BRANCH_LEQ", 0, 1, 1, 2).Leaf(0, 1, (0, 1)).Leaf(0, 2), ErrorCodes.OnnxInvalid, "the node 2 of the tree 0 is a leaf without weights"),
        ["weight of a branch"] = (() => TreeModel.Stump("BRANCH_LEQ", 1).Weight(0, 0, 0, 1), ErrorCodes.OnnxInvalid, "which is no leaf"),
        ["weight of nothing"] = (() => TreeModel.Stump("BRANCH_LEQ", 1).Weight(3, 0, 0, 1), ErrorCodes.OnnxInvalid, "which is missing"),
        ["target out of range"] = (() => TreeModel.Stump("BRANCH_LEQ", 1).Weight(0, 1, 4, 1), ErrorCodes.OnnxInvalid, "target 4 of 1"),
        ["feature out of range"] = (() => new TreeModel().Branch(0, 0, "BRANCH_LEQ", 6, 1, 1, 2).Leaf(0, 1, (0, 1)).Leaf(0, 2, (0, 1)), ErrorCodes.OnnxInvalid, "the feature 6, and its input has 2"),
        ["negative feature"] = (() => new TreeModel().Branch(0, 0, "BRANCH_LEQ", -1, 1, 1, 2).Leaf(0, 1, (0, 1)).Leaf(0, 2, (0, 1)), ErrorCodes.OnnxInvalid, "the feature -1"),
        ["lengths"] = (() => TreeModel.Stump("BRANCH_LEQ", 1).With("nodes_values", new[] { 1f }), ErrorCodes.OnnxInvalid, "'nodes_values' has 1 values for 3 nodes"),
        ["no nodes"] = (() => new TreeModel(), ErrorCodes.OnnxInvalid, "no nodes"),
        ["NaN threshold"] = (() => TreeModel.Stump("BRANCH_LEQ", float.NaN), ErrorCodes.OnnxInvalid, "not a number"),
        ["base values"] = (() => TreeModel.Stump("BRANCH_LEQ", 1).With("base_values", new[] { 1f, 2f, 3f }), ErrorCodes.OnnxInvalid, "3 base values"),
        ["infinite weight"] = (() => new TreeModel().Leaf(0, 0, (0, float.PositiveInfinity)), ErrorCodes.UnsupportedOperator, "not finite"),
        ["unknown mode"] = (() => TreeModel.Stump("BRANCH_MEMBER", 1), ErrorCodes.UnsupportedOperator, "'BRANCH_MEMBER'"),
        ["unknown aggregate"] = (() => TreeModel.Stump("BRANCH_LEQ", 1).With("aggregate_function", "MEDIAN"), ErrorCodes.UnsupportedOperator, "'MEDIAN'"),
        ["unknown transform"] = (() => TreeModel.Stump("BRANCH_LEQ", 1).With("post_transform", "PROBIT"), ErrorCodes.UnsupportedOperator, "'PROBIT'"),
    };

    public static TheoryData<string> Names { get; } = [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_error_says_what_is_wrong_and_where(string name)
    {
        (Func<TreeModel> create, string code, string message) = Cases[name];
        ToolchainException error = Assert.Throws<ToolchainException>(() => ModelLoader.Import(create().Regressor(2), "trees", ".onnx"));
        Assert.Equal(code, error.Code);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Class_labels_must_be_numbers_or_texts_and_at_least_two()
    {
        Assert.Contains("1 class labels", Refusal(new TreeModel().Leaf(0, 0, (0, 1)).With("classlabels_int64s", new[] { 3 })), StringComparison.Ordinal);
        Assert.Contains("both kinds", Refusal(new TreeModel().Leaf(0, 0, (0, 1)).With("classlabels_int64s", new[] { 3, 4 }).With("classlabels_strings", new[] { "a", "b" })), StringComparison.Ordinal);
        Assert.Contains("beyond", Refusal(new TreeModel().Leaf(0, 0, (0, 1)).With("classlabels_int64s", new[] { 3, 1 << 30 })), StringComparison.Ordinal);
    }

    private static string Refusal(TreeModel model) => Assert.Throws<ToolchainException>(() => ModelLoader.Import(model.Classifier(1), "trees", ".onnx")).Message;
}
