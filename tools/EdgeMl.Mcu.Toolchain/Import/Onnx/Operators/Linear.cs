using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Matrix products; those with a constant second factor are fully connected layers.</summary>
internal static class Linear
{
    /// <summary>Gemm: <c>alpha * A' * B' + beta * C</c> with matrices A and B.</summary>
    public static Tensor Gemm(OnnxNode node)
    {
        Tensor a = node.RealInput(0);
        Tensor b = node.Input(1).IsConstant ? node.Weights(1) : node.RealInput(1);
        float alpha = node.Attributes.Real("alpha", 1);
        float beta = node.Attributes.Real("beta", 1);
        bool isTransposed = node.Attributes.Flag("transB");
        if (a.Shape.Rank != 2 || b.Shape.Rank != 2)
            throw node.Invalid($"the factors have the shapes {a.Shape} and {b.Shape}; two dimensions each are needed");
        if (node.Attributes.Flag("transA"))
            a = node.Transpose("a", a, 1, 0);
        int rows = a.Shape[0];
        int columns = b.Shape[isTransposed ? 0 : 1];
        int depth = b.Shape[isTransposed ? 1 : 0];
        if (a.Shape[1] != depth)
            throw node.Invalid($"{a.Shape[1]} columns are multiplied with {depth} rows");
        if (!b.IsConstant)
            return GemmOfActivations(node, a, b, isTransposed, alpha, beta);
        Tensor weights = Weights(node, b, isTransposed, alpha);
        if (node.InputOrNull(2) is null || beta == 0)
            return node.Emit(new FullyConnected(), new Shape(rows, columns), a, weights, null);

        Tensor c = node.InputOrNull(2) is { IsConstant: true } ? node.Weights(2) : node.RealInput(2);
        bool isBias = c.IsConstant && c.Shape.Rank <= 2 && (c.Shape.Rank < 2 || c.Shape[0] == 1);
        if (isBias && (c.Shape.Rank == 0 || c.Shape[-1] == columns || c.Shape[-1] == 1))
            return node.Emit(new FullyConnected(), new Shape(rows, columns), a, weights, Bias(node, c, columns, beta));
        Tensor product = node.Emit("product", new FullyConnected(), new Shape(rows, columns), a, weights, null);
        return Elementwise.Combine(node, BinaryKind.Add, product, Scaled(node, c, beta));
    }

    private static Tensor GemmOfActivations(OnnxNode node, Tensor a, Tensor b, bool isTransposed, float alpha, float beta)
    {
        var shape = new Shape(a.Shape[0], b.Shape[isTransposed ? 0 : 1]);
        Tensor product = node.Emit("product", new BatchMatMul(TransposeSecond: isTransposed), shape, a, b);
        if (alpha != 1)
            product = node.Emit("alpha", new Binary(BinaryKind.Mul), shape, product, node.NewConstant("alpha", new Shape(1, 1), [alpha]));
        return node.InputOrNull(2) is null || beta == 0 ? product : Elementwise.Combine(node, BinaryKind.Add, product, Scaled(node, node.RealInput(2), beta));
    }

    /// <summary>MatMul: x [...,K] times a constant [K,N], or two tensors of matrices.</summary>
    public static Tensor MatMul(OnnxNode node)
    {
        Tensor x = node.RealInput(0);
        Tensor w = node.Input(1);
        if (!w.IsConstant || w.Shape.Rank < 2 || w.Shape.Rank > Math.Max(2, x.Shape.Rank) || w.Shape.Take(w.Shape.Rank - 2).Any(d => d != 1))
            return Product(node, x, w.IsConstant ? node.RealView(w) : node.RealInput(1));
        w = node.Weights(1);
        Tensor matrix = w.Shape.Rank == 2 ? w : node.NewConstant("matrix", new Shape(w.Shape[-2], w.Shape[-1]), w.Reals());
        Tensor weights = Weights(node, matrix, isTransposed: false, alpha: 1);
        if (x.Shape.Rank == 0 || x.Shape[-1] != weights.Shape[1])
            throw node.Invalid($"an input {x.Shape} is multiplied with {weights.Shape[1]} rows");
        return node.Emit(new FullyConnected(), x.Shape.With(-1, weights.Shape[0]), x, weights, null);
    }

    // A vector counts as a matrix with one row or one column, which the result then lacks.
    private static Tensor Product(OnnxNode node, Tensor x, Tensor y)
    {
        if (x.Shape.Rank == 0 || y.Shape.Rank == 0)
            throw node.Invalid($"the factors have the shapes {x.Shape} and {y.Shape}");
        Tensor left = x.Shape.Rank == 1 ? node.Reshape("row", x, new Shape(1, x.Shape[0])) : x;
        Tensor right = y.Shape.Rank == 1 ? node.Reshape("column", y, new Shape(y.Shape[0], 1)) : y;
        if (left.Shape[-1] != right.Shape[-2])
            throw node.Invalid($"{left.Shape[-1]} columns are multiplied with {right.Shape[-2]} rows");
        Shape batches = Shapes.Broadcast(node, new Shape([.. left.Shape.SkipLast(2)]), new Shape([.. right.Shape.SkipLast(2)]));
        var product = new Shape([.. batches, left.Shape[-2], right.Shape[-1]]);
        if (x.Shape.Rank > 1 && y.Shape.Rank > 1)
            return node.Emit(new BatchMatMul(), product, left, right);
        Tensor matrix = node.Emit("matrix", new BatchMatMul(), product, left, right);
        return node.Reshape("", matrix, new Shape([.. batches, .. x.Shape.Rank > 1 ? new[] { left.Shape[-2] } : [], .. y.Shape.Rank > 1 ? new[] { right.Shape[-1] } : []]));
    }

    // FullyConnected has its weights as [outputs, inputs].
    private static Tensor Weights(OnnxNode node, Tensor b, bool isTransposed, float alpha)
    {
        if (alpha != 1)
            b = node.NewConstant("scaled", b.Shape, Array.ConvertAll(b.Reals(), value => value * alpha));
        return node.Permuted("weights", b, isTransposed ? [0, 1] : [1, 0]);
    }

    private static Tensor Bias(OnnxNode node, Tensor c, int columns, float beta)
    {
        if (c.Quantization is not null && c.Shape.Equals(new Shape(columns)) && beta == 1)
            return c;
        var data = (float[])ConstantData.Broadcast(c.Reals(), new Shape(c.Shape.ElementCount), new Shape(columns));
        for (int i = 0; i < data.Length; i++)
            data[i] *= beta;
        return node.NewConstant("bias", new Shape(columns), data);
    }

    private static Tensor Scaled(OnnxNode node, Tensor c, float beta)
    {
        if (beta == 1)
            return c;
        Tensor factor = node.NewConstant("beta", new Shape(), [beta]);
        return node.Emit("scaled", new Binary(BinaryKind.Mul), c.Shape, c, factor);
    }
}
