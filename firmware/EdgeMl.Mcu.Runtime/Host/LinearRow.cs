#if NET
using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeMl.Mcu.Runtime.Host;

/// <summary>One row of inputs times a matrix of int8 weights [N, K]: all outputs of a fully connected row or of one position of a convolution.</summary>
internal static class LinearRow
{
    /// <summary>Longest row, so that it fits on the stack.</summary>
    internal const int DepthMax = 8192;

    private const int SumsMax = 256;

    /// <summary>Computes outputs of consecutive channels.</summary>
    /// <param name="x">K inputs, then zeros up to a multiple of <see cref="Lanes.Step"/>.</param>
    /// <param name="depth">K.</param>
    /// <param name="weights">The bytes that hold the weights.</param>
    /// <param name="row">Where the first channel's K weights begin.</param>
    /// <param name="offset">What is added to every sum before the bias.</param>
    /// <param name="stage">Requantisation.</param>
    /// <param name="channel">First channel in <paramref name="stage"/>.</param>
    /// <param name="outputs">One for each channel.</param>
    internal static void Compute(ReadOnlySpan<short> x, int depth, ReadOnlySpan<byte> weights, int row, int offset, OutputStage stage, int channel, Span<sbyte> outputs)
    {
        Span<int> sums = stackalloc int[SumsMax];
        for (int first = 0; first < outputs.Length; first += SumsMax)
        {
            int count = Math.Min(SumsMax, outputs.Length - first);
            ReadOnlySpan<byte> rows = weights.Slice(row + (first * depth));
            int i = 0;
            // A row is read up to a whole step: what follows it meets zeros in x, but must exist.
            for (; i <= count - 4 && ((i + 3) * depth) + x.Length <= rows.Length; i += 4)
                Vector128.Add(DotFour(x, rows.Slice(i * depth), depth), Vector128.Create(offset)).CopyTo(sums.Slice(i, 4));
            for (; i < count; i++)
                sums[i] = Dot(x, rows.Slice(i * depth), depth) + offset;
            stage.Apply(sums.Slice(0, count), channel + first, outputs.Slice(first, count));
        }
    }

    private static Vector128<int> DotFour(ReadOnlySpan<short> x, ReadOnlySpan<byte> rows, int depth)
    {
        nuint length = (nuint)x.Length;
        ref short x0 = ref MemoryMarshal.GetReference(x);
        ref byte w0 = ref MemoryMarshal.GetReference(rows.Slice(0, x.Length));
        ref byte w1 = ref MemoryMarshal.GetReference(rows.Slice(depth, x.Length));
        ref byte w2 = ref MemoryMarshal.GetReference(rows.Slice(2 * depth, x.Length));
        ref byte w3 = ref MemoryMarshal.GetReference(rows.Slice(3 * depth, x.Length));
        Vector256<int> sum0 = Vector256<int>.Zero;
        Vector256<int> sum1 = Vector256<int>.Zero;
        Vector256<int> sum2 = Vector256<int>.Zero;
        Vector256<int> sum3 = Vector256<int>.Zero;
        for (nuint i = 0; i < length; i += Lanes.Step)
        {
            Vector256<short> inputs = Vector256.LoadUnsafe(ref x0, i);
            sum0 = Lanes.MultiplyAdd(sum0, inputs, Lanes.Widen(Vector128.LoadUnsafe(ref w0, i).AsSByte()));
            sum1 = Lanes.MultiplyAdd(sum1, inputs, Lanes.Widen(Vector128.LoadUnsafe(ref w1, i).AsSByte()));
            sum2 = Lanes.MultiplyAdd(sum2, inputs, Lanes.Widen(Vector128.LoadUnsafe(ref w2, i).AsSByte()));
            sum3 = Lanes.MultiplyAdd(sum3, inputs, Lanes.Widen(Vector128.LoadUnsafe(ref w3, i).AsSByte()));
        }
        return Lanes.SumEach(sum0, sum1, sum2, sum3);
    }

    private static int Dot(ReadOnlySpan<short> x, ReadOnlySpan<byte> row, int depth)
    {
        int sum = 0;
        int i = 0;
        if (x.Length <= row.Length)
        {
            Vector256<int> sums = Vector256<int>.Zero;
            for (; i < x.Length; i += Lanes.Step)
                sums = Lanes.MultiplyAdd(sums, Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(x), (nuint)i), Lanes.Widen(Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(row), (nuint)i).AsSByte()));
            sum = Vector256.Sum(sums);
        }
        for (; i < depth; i++)
            sum += x[i] * (sbyte)row[i];
        return sum;
    }
}
#endif
