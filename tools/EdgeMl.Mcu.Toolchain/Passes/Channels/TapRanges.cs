using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes.Channels;

/// <summary>Which taps of a window lie in the input, for every position of the output: rows and columns are independent.</summary>
/// <param name="Rows">The distinct ranges of rows of taps, ends exclusive, empty ones as (0, 0).</param>
/// <param name="Columns">The distinct ranges of columns of taps.</param>
/// <param name="IsAlwaysInside">Whether no position has a tap outside the input.</param>
internal sealed record TapRanges(IReadOnlyList<(int First, int End)> Rows, IReadOnlyList<(int First, int End)> Columns, bool IsAlwaysInside)
{
    /// <summary>The ranges of a window that is always inside its input.</summary>
    public static TapRanges Inside(int height, int width) => new([(0, height)], [(0, width)], true);

    /// <summary>The ranges of a window over an input [N,H,W,C] with an output [N,H,W,C].</summary>
    public static TapRanges Of(Window window, Shape input, Shape output)
    {
        List<(int, int)> rows = Distinct(output[1], window.StrideHeight, window.PadTop, window.DilationHeight, window.KernelHeight, input[1]);
        List<(int, int)> columns = Distinct(output[2], window.StrideWidth, window.PadLeft, window.DilationWidth, window.KernelWidth, input[2]);
        bool isInside = rows.TrueForAll(range => range == (0, window.KernelHeight)) && columns.TrueForAll(range => range == (0, window.KernelWidth));
        return new TapRanges(rows, columns, isInside);
    }

    private static List<(int, int)> Distinct(int outputs, int stride, int padding, int dilation, int taps, int size) =>
        [.. Enumerable.Range(0, outputs).Select(i => Range((i * stride) - padding, dilation, taps, size)).Distinct()];

    private static (int, int) Range(int origin, int dilation, int taps, int size)
    {
        int first = WindowParameters.FirstTap(origin, dilation);
        int end = WindowParameters.EndTap(origin, dilation, taps, size);
        return first < end ? (first, end) : (0, 0);
    }
}
