using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Comparisons and logic of constants, and Where with a constant condition: how exported models decide about shapes and masks.</summary>
internal static class Selection
{
    public static Tensor Equal(OnnxNode node) => Compare(node, order => order == 0);

    public static Tensor Greater(OnnxNode node) => Compare(node, order => order > 0);

    public static Tensor GreaterOrEqual(OnnxNode node) => Compare(node, order => order >= 0);

    public static Tensor Less(OnnxNode node) => Compare(node, order => order < 0);

    public static Tensor LessOrEqual(OnnxNode node) => Compare(node, order => order <= 0);

    public static Tensor And(OnnxNode node) => Combine(node, (a, b) => a && b);

    public static Tensor Or(OnnxNode node) => Combine(node, (a, b) => a || b);

    public static Tensor Xor(OnnxNode node) => Combine(node, (a, b) => a != b);

    public static Tensor Not(OnnxNode node) =>
        node.NewConstant("not", ElementType.Bool, node.Input(0).Shape, Array.ConvertAll(Truths(node, 0), value => !value));

    /// <summary>Where: one side, constants, or a sum of both sides under a mask of zeros and ones.</summary>
    public static Tensor Where(OnnxNode node)
    {
        bool[] condition = Truths(node, 0);
        Tensor a = node.Input(1);
        Tensor b = node.Input(2);
        if (a.Type != b.Type)
            throw node.Invalid($"the sides have the types {a.Type.JsonName()} and {b.Type.JsonName()}");
        Shape mask = node.Input(0).Shape;
        Shape shape = Shapes.Broadcast(node, mask, Shapes.Broadcast(node, a.Shape, b.Shape));
        if (condition.Distinct().Count() == 1)
            return Shapes.Expand(node, condition[0] ? a : b, shape);
        if (a.IsConstant && b.IsConstant)
            return Constant(node, condition, mask, a, b, shape);
        foreach (Tensor side in new[] { a, b })
        {
            if (side.Type != ElementType.Float32 || side.IsConstant && !side.Reals().All(float.IsFinite))
                throw OnnxErrors.Unsupported("a mask of values that are not finite");
        }
        Tensor Masked(Tensor side, bool value, string role)
        {
            Tensor factor = node.NewConstant("mask", mask, Array.ConvertAll(condition, c => c == value ? 1f : 0f));
            return Elementwise.Combine(node, BinaryKind.Mul, side, factor, role);
        }
        return Elementwise.Combine(node, BinaryKind.Add, Masked(a, true, "then"), Masked(b, false, "else"));
    }

    private static Tensor Constant(OnnxNode node, bool[] condition, Shape mask, Tensor a, Tensor b, Shape shape)
    {
        var choose = (bool[])ConstantData.Broadcast(condition, mask, shape);
        Array then = ConstantData.Broadcast(a.Data!, a.Shape, shape);
        Array result = ConstantData.Broadcast(b.Data!, b.Shape, shape);
        for (int i = 0; i < choose.Length; i++)
        {
            if (choose[i])
                Array.Copy(then, i, result, i, 1);
        }
        return node.NewConstant("selected", a.Type, shape, result);
    }

    private static Tensor Compare(OnnxNode node, Func<int, bool> isTrue)
    {
        Tensor a = Constant(node, 0);
        Tensor b = Constant(node, 1);
        if (a.Type != b.Type)
            throw node.Invalid($"the operands have the types {a.Type.JsonName()} and {b.Type.JsonName()}");
        Shape shape = Shapes.Broadcast(node, a.Shape, b.Shape);
        bool[] result = a.Type == ElementType.Float32
            ? Zip(a, b, shape, a.Reals(), b.Reals(), (x, y) => !float.IsNaN(x) && !float.IsNaN(y) && isTrue(x.CompareTo(y)))
            : Zip(a, b, shape, a.Integers(), b.Integers(), (x, y) => isTrue(x.CompareTo(y)));
        return node.NewConstant("compared", ElementType.Bool, shape, result);
    }

    private static Tensor Combine(OnnxNode node, Func<bool, bool, bool> combine)
    {
        bool[] a = Truths(node, 0);
        bool[] b = Truths(node, 1);
        Shape shape = Shapes.Broadcast(node, node.Input(0).Shape, node.Input(1).Shape);
        return node.NewConstant("combined", ElementType.Bool, shape, Zip(node.Input(0), node.Input(1), shape, a, b, combine));
    }

    private static bool[] Zip<T>(Tensor a, Tensor b, Shape shape, T[] left, T[] right, Func<T, T, bool> combine) =>
        [.. ((T[])ConstantData.Broadcast(left, a.Shape, shape)).Zip((T[])ConstantData.Broadcast(right, b.Shape, shape), combine)];

    private static bool[] Truths(OnnxNode node, int input) =>
        Constant(node, input).Data as bool[] ?? throw node.Invalid($"the input {input} is not boolean");

    private static Tensor Constant(OnnxNode node, int input) => node.Constant(input) ?? throw node.Invalid($"the input {input} is missing");
}
