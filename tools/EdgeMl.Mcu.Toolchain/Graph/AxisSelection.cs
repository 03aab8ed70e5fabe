namespace EdgeMl.Mcu.Toolchain.Graph;

/// <summary>Operators whose output element at (i, j, …) is the input element at (f(i), g(j), …): one list of input indices for each axis.</summary>
internal static class AxisSelection
{
    /// <summary>Input index of each output index, for each axis; null for an axis that stays as it is.</summary>
    /// <exception cref="ArgumentException">The operator is none of those that select by axis.</exception>
    public static int[]?[] Of(Operator op, Shape input, Shape output)
    {
        var axes = new int[]?[input.Rank];
        switch (op)
        {
            case Gather gather:
                axes[gather.Axis] = gather.Indices;
                break;
            case MirrorPad pad:
                for (int axis = 0; axis < axes.Length; axis++)
                    axes[axis] = Mirror(input[axis], pad.Before[axis], pad.After[axis], pad.Reflect ? 1 : 0);
                break;
            case ResizeNearest resize:
                axes[1] = Nearest(input[1], output[1], resize);
                axes[2] = Nearest(input[2], output[2], resize);
                break;
            default:
                throw new ArgumentException($"{op.Name} does not select by axis.", nameof(op));
        }
        for (int axis = 0; axis < axes.Length; axis++)
        {
            if (axes[axis] is { } indices && indices.SequenceEqual(Enumerable.Range(0, input[axis])))
                axes[axis] = null;
        }
        return axes;
    }

    private static int[] Mirror(int size, int before, int after, int skip) =>
    [
        .. Enumerable.Range(skip, before).Reverse(),
        .. Enumerable.Range(0, size),
        .. Enumerable.Range(size - skip - after, after).Reverse(),
    ];

    /// <summary>Scale and position are float32, as in the TensorFlow Lite reference.</summary>
    private static int[] Nearest(int input, int output, ResizeNearest resize)
    {
        float scale = resize.AlignCorners && output > 1 ? (input - 1) / (float)(output - 1) : input / (float)output;
        float offset = resize.HalfPixelCenters ? 0.5f : 0;
        var indices = new int[output];
        for (int i = 0; i < output; i++)
        {
            float position = (i + offset) * scale;
            float rounded = resize.AlignCorners ? MathF.Round(position, MidpointRounding.AwayFromZero) : MathF.Floor(position);
            indices[i] = Math.Clamp((int)rounded, 0, input - 1);
        }
        return indices;
    }
}
