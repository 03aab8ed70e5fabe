using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>The copy behind all operators that only move data.</summary>
internal static class StridedCopy
{
    /// <summary>
    /// Copies the element at <paramref name="sourceOffset"/> + Σ index·<paramref name="sourceStrides"/> to
    /// <paramref name="targetOffset"/> + Σ index·<paramref name="targetStrides"/> for every index below <paramref name="extents"/>.
    /// </summary>
    public static void Copy<T>(
        ReadOnlySpan<T> source, int sourceOffset, int[] sourceStrides,
        Span<T> target, int targetOffset, int[] targetStrides,
        ReadOnlySpan<int> extents)
    {
        int length = extents.Length == 0 ? 1 : extents[^1];
        int sourceStep = extents.Length == 0 ? 1 : sourceStrides[^1];
        int targetStep = extents.Length == 0 ? 1 : targetStrides[^1];
        var rows = new RowCursor(extents, sourceStrides, targetStrides);
        while (rows.MoveNext())
        {
            int from = sourceOffset + rows[0];
            int to = targetOffset + rows[1];
            if (sourceStep == 1 && targetStep == 1)
            {
                source.Slice(from, length).CopyTo(target[to..]);
                continue;
            }
            for (int i = 0; i < length; i++)
                target[to + i * targetStep] = source[from + i * sourceStep];
        }
    }

    /// <summary>Writes a tensor so that axis <c>i</c> of the target is axis <c>permutation[i]</c> of the source.</summary>
    public static void Transpose<T>(ReadOnlySpan<T> source, Shape sourceShape, IReadOnlyList<int> permutation, Span<T> target)
    {
        Shape targetShape = sourceShape.Permute(permutation);
        int[] strides = sourceShape.Strides();
        int[] permuted = [.. permutation.Select(axis => strides[axis])];
        Copy(source, 0, permuted, target, 0, targetShape.Strides(), targetShape.ToArray());
    }
}
