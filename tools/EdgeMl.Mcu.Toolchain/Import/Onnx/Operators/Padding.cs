using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Padding.</summary>
internal static class Padding
{
    /// <summary>Pad; negative amounts cut.</summary>
    public static Tensor Pad(OnnxNode node)
    {
        Tensor x = node.RealInput(0);
        string mode = node.Attributes.Text("mode", "constant");
        long[] pads = node.IntegersByOpset("pads", 1, inputSince: 11) ?? throw node.Invalid("the amounts are missing");
        int[] axes = node.Opset >= 18 && node.IntegerConstant(3) is { } listed
            ? [.. listed.Select(axis => node.Axis(axis, x.Shape.Rank))]
            : [.. Enumerable.Range(0, x.Shape.Rank)];
        if (pads.Length != 2 * axes.Length || axes.Distinct().Count() != axes.Length)
            throw node.Invalid($"{pads.Length} amounts are given for {axes.Length} axes");
        if (pads.Any(amount => amount is < -OnnxErrors.MaxElements or > OnnxErrors.MaxElements))
            throw node.Invalid("an amount is too large");

        int rank = x.Shape.Rank;
        int[] before = new int[rank];
        int[] after = new int[rank];
        for (int i = 0; i < axes.Length; i++)
        {
            before[axes[i]] = (int)pads[i];
            after[axes[i]] = (int)pads[axes.Length + i];
        }
        x = Cut(node, x, before, after);
        if (before.Concat(after).All(amount => amount == 0))
            return x;
        long[] padded = [.. x.Shape.Select((dimension, axis) => (long)before[axis] + dimension + after[axis])];
        Shape shape = OnnxErrors.CheckedShape(padded, $"Pad '{node.Name}'");
        return mode switch
        {
            "constant" => node.Emit(new Pad(before, after, Value(node)), shape, x),
            "reflect" when before.Concat(after).Select((amount, i) => amount < x.Shape[i % rank]).All(fits => fits) =>
                node.Emit(new MirrorPad(before, after, Reflect: true), shape, x),
            "reflect" => Repeat(node, x, before, after, (i, size) => size == 1 ? 0 : Bounce(i, size - 1)),
            "edge" => Repeat(node, x, before, after, (i, size) => Math.Clamp(i, 0, size - 1)),
            "wrap" => Repeat(node, x, before, after, (i, size) => (i % size + size) % size),
            _ => throw OnnxErrors.Unsupported($"mode '{mode}'"),
        };
    }

    // Position of a ball that bounces between 0 and last.
    private static int Bounce(int i, int last)
    {
        int phase = (i % (2 * last) + 2 * last) % (2 * last);
        return phase <= last ? phase : 2 * last - phase;
    }

    private static Tensor Repeat(OnnxNode node, Tensor x, int[] before, int[] after, Func<int, int, int> index)
    {
        for (int axis = 0; axis < before.Length; axis++)
        {
            int size = x.Shape[axis];
            if ((before[axis] | after[axis]) != 0)
                x = Slicing.Select(node, $"axis{axis}", x, axis, [.. Enumerable.Range(-before[axis], before[axis] + size + after[axis]).Select(i => index(i, size))]);
        }
        return x;
    }

    // Takes the negative amounts out of both arrays.
    private static Tensor Cut(OnnxNode node, Tensor x, int[] before, int[] after)
    {
        int rank = x.Shape.Rank;
        int[] begin = new int[rank];
        int[] strides = new int[rank];
        int[] dimensions = x.Shape.ToArray();
        for (int axis = 0; axis < rank; axis++)
        {
            strides[axis] = 1;
            begin[axis] = Math.Max(0, -before[axis]);
            dimensions[axis] -= begin[axis] + Math.Max(0, -after[axis]);
            before[axis] = Math.Max(0, before[axis]);
            after[axis] = Math.Max(0, after[axis]);
            if (dimensions[axis] < 1)
                throw OnnxErrors.Unsupported("cutting all elements");
        }
        return Slicing.Part(node, "cut", x, begin, strides, new Shape(dimensions));
    }

    private static float Value(OnnxNode node)
    {
        if (node.Opset < 11)
            return node.Attributes.Real("value", 0);
        if (node.InputOrNull(2) is null)
            return 0;
        float[] values = node.RealConstant(2).Reals();
        return values.Length == 1 ? values[0] : throw node.Invalid($"the padding has {values.Length} values");
    }
}
