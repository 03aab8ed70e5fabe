using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Reads kernel, strides, dilations and padding of a convolution or pool.</summary>
internal static class Windows
{
    private const long MaxExtent = 1 << 20;

    /// <summary>The window of a node, and how many rows and columns of its padding only come from <c>ceil_mode</c>.</summary>
    public sealed record Result(Window Window, bool HasCeilPadding);

    /// <summary>Reads the window; a one-dimensional one has the height 1.</summary>
    /// <param name="node">The node.</param>
    /// <param name="spatial">Spatial dimensions of the input, one or two.</param>
    /// <param name="kernel">Spatial dimensions of the kernel.</param>
    public static Result Read(OnnxNode node, int[] spatial, int[] kernel)
    {
        int rank = spatial.Length;
        long[] strides = List(node, "strides", rank, 1, 1);
        long[] dilations = List(node, "dilations", rank, 1, 1);
        long[] pads = List(node, "pads", 2 * rank, 0, 0);
        bool ceil = node.Attributes.Flag("ceil_mode");
        string autoPad = node.Attributes.Text("auto_pad", "NOTSET");
        bool hasCeilPadding = false;
        for (int i = 0; i < rank; i++)
        {
            long extent = (kernel[i] - 1) * dilations[i] + 1;
            (pads[i], pads[rank + i]) = AutoPad(node, autoPad, spatial[i], extent, strides[i], pads[i], pads[rank + i]);
            long slack = spatial[i] + pads[i] + pads[rank + i] - extent;
            if (slack < 0 || extent > MaxExtent)
                throw node.Invalid($"a window of {extent} elements does not fit into the {spatial[i]} elements of spatial axis {i} and its padding");
            if (!ceil || autoPad != "NOTSET")
                continue;
            long extra = CeilPadding(spatial[i], pads[i], slack, strides[i]);
            hasCeilPadding |= extra > 0;
            pads[rank + i] += extra;
        }
        return new Result(Create(kernel, strides, dilations, pads), hasCeilPadding);
    }

    /// <summary>Reads the window of a transposed convolution; padding at an end is negative where outputs are added there.</summary>
    public static Window ReadTransposed(OnnxNode node, int[] spatial, int[] kernel)
    {
        int rank = spatial.Length;
        long[] strides = List(node, "strides", rank, 1, 1);
        long[] dilations = List(node, "dilations", rank, 1, 1);
        long[] pads = List(node, "pads", 2 * rank, 0, 0);
        long[] added = List(node, "output_padding", rank, 0, 0);
        long[]? outputs = node.Attributes.Has("output_shape") ? List(node, "output_shape", rank, 1, 1) : null;
        string autoPad = node.Attributes.Text("auto_pad", "NOTSET");
        if (autoPad is not ("NOTSET" or "VALID" or "SAME_UPPER" or "SAME_LOWER"))
            throw OnnxErrors.Unsupported($"auto_pad '{autoPad}'");
        for (int i = 0; i < rank; i++)
        {
            long extent = (kernel[i] - 1) * dilations[i] + 1;
            if (extent > MaxExtent)
                throw node.Invalid($"a window of {extent} elements is too large");
            long? output = outputs?[i] ?? (autoPad.StartsWith("SAME", StringComparison.Ordinal) ? spatial[i] * strides[i] : null);
            if (output is { } size)
            {
                long total = ((spatial[i] - 1) * strides[i]) + added[i] + extent - size;
                long less = Math.Max(0, total) / 2;
                (pads[i], pads[rank + i]) = autoPad == "SAME_UPPER" || total < 0 ? (less, total - less) : (total - less, less);
            }
            else if (autoPad == "VALID")
            {
                pads[i] = pads[rank + i] = 0;
            }
            pads[rank + i] -= added[i];
        }
        return Create(kernel, strides, dilations, pads);
    }

    /// <summary>The attribute <c>kernel_shape</c>, or null where the file leaves it out.</summary>
    public static int[]? KernelShape(OnnxNode node, int rank) =>
        node.Attributes.Has("kernel_shape") ? Array.ConvertAll(List(node, "kernel_shape", rank, 1, 1), v => (int)v) : null;

    /// <summary>Output of a window on an NHWC tensor.</summary>
    public static Shape OutputShape(Window window, Shape input, int channels) =>
        new(input[0], window.OutputHeight(input[1]), window.OutputWidth(input[2]), channels);

    private static Window Create(int[] kernel, long[] strides, long[] dilations, long[] pads) => kernel.Length == 1
        ? new Window(1, kernel[0], 1, (int)strides[0], 1, (int)dilations[0], 0, (int)pads[0], 0, (int)pads[1])
        : new Window(kernel[0], kernel[1], (int)strides[0], (int)strides[1], (int)dilations[0], (int)dilations[1],
            (int)pads[0], (int)pads[1], (int)pads[2], (int)pads[3]);

    private static (long Before, long After) AutoPad(OnnxNode node, string mode, int size, long extent, long stride, long before, long after)
    {
        if (mode == "NOTSET")
            return (before, after);
        if (mode == "VALID")
            return (0, 0);
        if (mode is not ("SAME_UPPER" or "SAME_LOWER"))
            throw OnnxErrors.Unsupported($"auto_pad '{mode}'");
        long outputs = (size + stride - 1) / stride;
        long total = Math.Max(0, (outputs - 1) * stride + extent - size);
        return mode == "SAME_UPPER" ? (total / 2, total - total / 2) : (total - total / 2, total / 2);
    }

    // A last window that would start in the padding after the input is left out, as PyTorch and newer ONNX versions do.
    private static long CeilPadding(int size, long before, long slack, long stride)
    {
        long steps = (slack + stride - 1) / stride;
        if (steps * stride >= size + before)
            steps--;
        return Math.Max(0, steps * stride - slack);
    }

    private static long[] List(OnnxNode node, string name, int count, long defaultValue, long min)
    {
        long[]? values = node.Attributes.Integers(name);
        if (values is null)
        {
            values = new long[count];
            Array.Fill(values, defaultValue);
        }
        if (values.Length != count)
            throw node.Invalid($"'{name}' has {values.Length} values where {count} are needed");
        foreach (long value in values)
        {
            if (value < min || value > MaxExtent)
                throw node.Invalid($"'{name}' has the value {value}; {min} to {MaxExtent} are possible");
        }
        return values;
    }
}
