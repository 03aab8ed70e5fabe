namespace EdgeMl.Mcu.Toolchain.Graph;

/// <summary>Shapes that follow from an operator and its inputs.</summary>
public static class ShapeInference
{
    /// <summary>Shape of the first output, or null for operators whose output shape is part of what they are (Reshape, StridedSlice, BroadcastTo, resizes, reductions).</summary>
    /// <exception cref="InvalidOperationException">The inputs do not fit together; the message says how.</exception>
    public static Shape? Infer(Operator op, IReadOnlyList<Tensor?> inputs)
    {
        Require(inputs.Count > 0 && inputs[0] is not null, "has no input");
        Shape x = inputs[0]!.Shape;
        switch (op)
        {
            case Conv2D conv:
                Require(x.Rank == 4 && inputs[1]!.Shape.Rank == 4, $"needs 4-D input and filter, not {x} and {inputs[1]!.Shape}");
                Shape filter = inputs[1]!.Shape;
                Require(filter[3] > 0 && x[3] > 0 && x[3] % filter[3] == 0 && filter[0] % (x[3] / filter[3]) == 0, $"filter {filter} does not fit input {x}");
                Require(filter[1] == conv.Window.KernelHeight && filter[2] == conv.Window.KernelWidth, $"filter {filter} does not fit the window");
                return Windowed(conv.Window, x, filter[0]);
            case DepthwiseConv2D depthwise:
                Require(x.Rank == 4 && inputs[1]!.Shape.Rank == 4, $"needs 4-D input and filter, not {x} and {inputs[1]!.Shape}");
                filter = inputs[1]!.Shape;
                Require(filter[0] == 1 && x[3] > 0 && filter[3] % x[3] == 0, $"filter {filter} does not fit input {x}");
                Require(filter[1] == depthwise.Window.KernelHeight && filter[2] == depthwise.Window.KernelWidth, $"filter {filter} does not fit the window");
                return Windowed(depthwise.Window, x, filter[3]);
            case TransposeConv2D transposed:
                return Transposed(transposed.Window, x, inputs[1]!.Shape);
            case AveragePool2D pool:
                Require(x.Rank == 4, $"needs a 4-D input, not {x}");
                return Windowed(pool.Window, x, x[3]);
            case MaxPool2D pool:
                Require(x.Rank == 4, $"needs a 4-D input, not {x}");
                return Windowed(pool.Window, x, x[3]);
            case Binary:
                return Broadcast(x, inputs[1]!.Shape);
            case BatchMatMul product:
                return MatrixProduct(product, x, inputs[1]!.Shape);
            case AddN:
                Require(inputs.All(input => input!.Shape.Equals(x)), $"needs inputs of one shape, {x}");
                return x;
            case Svdf svdf:
                Shape features = inputs[1]!.Shape;
                Require(x.Rank == 2 && features.Rank == 2 && features[1] == x[1] && svdf.Rank > 0 && features[0] % svdf.Rank == 0, $"features {features} of rank {svdf.Rank} do not fit input {x}");
                return new Shape(x[0], features[0] / svdf.Rank);
            case Lstm:
                Require(x.Rank == 3 && inputs[1]!.Shape.Rank == 2 && inputs[1]!.Shape[1] == x[2], $"weights {inputs[1]!.Shape} do not fit input {x}");
                return x.With(2, inputs[1]!.Shape[0]);
            case Compare:
                return Broadcast(x, inputs[1]!.Shape);
            case Select:
                return Broadcast(Broadcast(x, inputs[1]!.Shape), inputs[2]!.Shape);
            case GatherElements gather:
                return new Shape([.. x.Take(gather.Axis), .. inputs[1]!.Shape, .. x.Skip(gather.Axis + 1)]);
            case Transpose transpose:
                Require(transpose.Permutation.Length == x.Rank, $"permutes {transpose.Permutation.Length} axes of {x}");
                return x.Permute(transpose.Permutation);
            case Pad pad:
                Require(pad.Before.Length == x.Rank && pad.After.Length == x.Rank, $"pads {pad.Before.Length} axes of {x}");
                return new Shape([.. x.Select((dimension, axis) => dimension + pad.Before[axis] + pad.After[axis])]);
            case MirrorPad pad:
                return Mirrored(pad, x);
            case Gather gather:
                Require(gather.Indices.All(index => index >= 0 && index < x[gather.Axis]), $"takes elements [{string.Join(", ", gather.Indices)}] of axis {gather.Axis} of {x}");
                return x.With(gather.Axis, gather.Indices.Length);
            case Concatenation concatenation:
                return Concatenate(concatenation.Axis, inputs);
            case Unary or Softmax or LogSoftmax or CumSum or L2Normalization or Quantize or Dequantize or Cast or BatchNormalization:
                return x;
            default:
                return null;
        }
    }

    /// <summary>NumPy's broadcasting of two shapes.</summary>
    /// <exception cref="InvalidOperationException">They do not broadcast.</exception>
    public static Shape Broadcast(Shape a, Shape b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        var dimensions = new int[rank];
        for (int i = 1; i <= rank; i++)
        {
            int da = i <= a.Rank ? a[-i] : 1;
            int db = i <= b.Rank ? b[-i] : 1;
            Require(da == db || da == 1 || db == 1, $"{a} and {b} do not broadcast");
            dimensions[rank - i] = da == 1 ? db : da;
        }
        return new Shape(dimensions);
    }

    private static Shape Windowed(Window window, Shape x, int channels)
    {
        int height = window.OutputHeight(x[1]);
        int width = window.OutputWidth(x[2]);
        Require(height > 0 && width > 0, $"a window of {window.KernelHeight}x{window.KernelWidth} does not fit the input {x}");
        return new Shape(x[0], height, width, channels);
    }

    private static Shape Transposed(Window window, Shape x, Shape filter)
    {
        Require(x.Rank == 4 && filter.Rank == 4, $"needs 4-D input and filter, not {x} and {filter}");
        Require(filter[3] == x[3] && filter[1] == window.KernelHeight && filter[2] == window.KernelWidth, $"filter {filter} does not fit input {x}");
        int height = window.TransposedHeight(x[1]);
        int width = window.TransposedWidth(x[2]);
        Require(height > 0 && width > 0, $"padding takes all of the output for the input {x}");
        return new Shape(x[0], height, width, filter[0]);
    }

    private static Shape Mirrored(MirrorPad pad, Shape x)
    {
        Require(pad.Before.Length == x.Rank && pad.After.Length == x.Rank, $"pads {pad.Before.Length} axes of {x}");
        for (int axis = 0; axis < x.Rank; axis++)
        {
            int most = pad.Reflect ? x[axis] - 1 : x[axis];
            Require(pad.Before[axis] >= 0 && pad.Before[axis] <= most && pad.After[axis] >= 0 && pad.After[axis] <= most, $"mirrors {pad.Before[axis]} and {pad.After[axis]} elements of axis {axis} of {x}");
        }
        return new Shape([.. x.Select((dimension, axis) => dimension + pad.Before[axis] + pad.After[axis])]);
    }

    private static Shape MatrixProduct(BatchMatMul op, Shape x, Shape y)
    {
        Require(x.Rank >= 2 && y.Rank >= 2, $"needs matrices, not {x} and {y}");
        (int rows, int depth) = op.TransposeFirst ? (x[-1], x[-2]) : (x[-2], x[-1]);
        (int otherDepth, int columns) = op.TransposeSecond ? (y[-1], y[-2]) : (y[-2], y[-1]);
        Require(depth == otherDepth, $"cannot multiply {depth} columns with {otherDepth} rows");
        return new Shape([.. Broadcast(new Shape([.. x.SkipLast(2)]), new Shape([.. y.SkipLast(2)])), rows, columns]);
    }

    private static Shape Concatenate(int axis, IReadOnlyList<Tensor?> inputs)
    {
        Shape first = inputs[0]!.Shape;
        Require(axis < first.Rank, $"{first} has no axis {axis}");
        int size = 0;
        foreach (Tensor? input in inputs)
        {
            Require(input!.Shape.Rank == first.Rank && input.Shape.With(axis, 1).Equals(first.With(axis, 1)), $"{input.Shape} and {first} do not join along axis {axis}");
            size += input.Shape[axis];
        }
        return first.With(axis, size);
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new InvalidOperationException(message);
    }
}
