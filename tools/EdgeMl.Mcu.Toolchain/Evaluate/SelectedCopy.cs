using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>The copy behind operators that select elements axis by axis.</summary>
internal static class SelectedCopy
{
    /// <summary>Copies the elements at all combinations of the indices of each axis, row-major; null stands for all indices in order.</summary>
    public static void Copy<T>(ReadOnlySpan<T> source, Shape shape, int[]?[] indices, Span<T> target)
    {
        int outer = indices.Length;
        while (outer > 0 && indices[outer - 1] is null)
            outer--;
        int[] strides = shape.Strides();
        int block = outer == 0 ? source.Length : strides[outer - 1];
        var offsets = new int[outer][];
        for (int axis = 0; axis < outer; axis++)
            offsets[axis] = [.. (indices[axis] ?? Enumerable.Range(0, shape[axis])).Select(index => index * strides[axis])];
        int written = 0;
        Copy(source, offsets, 0, 0, block, target, ref written);
    }

    private static void Copy<T>(ReadOnlySpan<T> source, int[][] offsets, int axis, int from, int block, Span<T> target, ref int written)
    {
        if (axis == offsets.Length)
        {
            source.Slice(from, block).CopyTo(target[written..]);
            written += block;
            return;
        }
        foreach (int offset in offsets[axis])
            Copy(source, offsets, axis + 1, from + offset, block, target, ref written);
    }
}
