#if NET
using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using EdgeMl.Mcu.Runtime.Kernels;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Host;

/// <summary>
/// <see cref="DepthwiseConv2D"/> with vector instructions over channels, for one output channel an input channel, and for inputs of one channel.
/// Padding counts as the input's zero point.
/// </summary>
internal static class VectorDepthwiseConv2D
{
    private const int TapsMax = 256;

    /// <summary>Output channels that are computed together.</summary>
    private const int BlockChannels = 64;

    /// <summary>Computes the layer; false, and nothing done, where its window is too large or every input channel has several output channels.</summary>
    internal static bool TryRun(Frame frame)
    {
        int channels = frame.Int(P.OutputChannels);
        int inputChannels = frame.Int(P.InputChannels);
        int kernelHeight = frame.Int(P.KernelHeight);
        int kernelWidth = frame.Int(P.KernelWidth);
        if (kernelHeight * kernelWidth > TapsMax || (inputChannels != channels && inputChannels != 1))
            return false;
        int taps = kernelHeight * kernelWidth;
        var stage = new OutputStage(
            frame.Weights, ChannelTable.Start(frame.WeightOffset, taps * channels), channels, frame.Int(DepthwiseConv2D.OutputZeroPoint), frame.Int(P.ActivationMin), frame.Int(P.ActivationMax));
        Span<short> filter = stackalloc short[taps * BlockChannels];
        for (int first = 0; first < channels; first += BlockChannels)
        {
            int count = Math.Min(BlockChannels, channels - first);
            ReadOnlySpan<byte> weights = frame.Weights.AsSpan(frame.WeightOffset + (first * taps), count * taps);
            filter.Clear();
            for (int c = 0; c < count; c++)
            {
                for (int tap = 0; tap < taps; tap++)
                    filter[(tap * BlockChannels) + c] = (sbyte)weights[(c * taps) + tap];
            }
            RunBlock(frame, filter, taps, first, count, stage);
        }
        return true;
    }

    private static void RunBlock(Frame frame, ReadOnlySpan<short> filter, int taps, int first, int count, OutputStage stage)
    {
        int channels = frame.Int(P.OutputChannels);
        int outputHeight = frame.Int(P.OutputHeight);
        int outputWidth = frame.Int(P.OutputWidth);
        int batches = frame.Int(P.Batches);
        int zeroPoint = frame.Int(DepthwiseConv2D.InputZeroPoint);
        bool single = frame.Int(P.InputChannels) == 1;
        int output = frame.Int(P.Output) + first;
        Span<int> positions = stackalloc int[taps];
        Span<int> sums = stackalloc int[BlockChannels];
        for (int b = 0; b < batches; b++)
        {
            for (int oy = 0; oy < outputHeight; oy++)
            {
                for (int ox = 0; ox < outputWidth; ox++)
                {
                    FindTaps(frame, b, oy, ox, positions);
                    if (single)
                        SumSingle(frame.Arena, positions, filter, zeroPoint, count, sums);
                    else
                        SumChannels(frame.Arena, positions, first, filter, zeroPoint, count, sums);
                    stage.Apply(sums.Slice(0, count), first, frame.Arena.AsSpan(output, count));
                    output += channels;
                }
            }
        }
    }

    /// <summary>Where in the arena channel 0 of each tap of a window lies; -1 in padding.</summary>
    private static void FindTaps(Frame frame, int batch, int oy, int ox, Span<int> positions)
    {
        int height = frame.Int(P.InputHeight);
        int width = frame.Int(P.InputWidth);
        int channels = frame.Int(P.InputChannels);
        int kernelHeight = frame.Int(P.KernelHeight);
        int kernelWidth = frame.Int(P.KernelWidth);
        int dilationHeight = frame.Int(P.DilationHeight);
        int dilationWidth = frame.Int(P.DilationWidth);
        int originY = (oy * frame.Int(P.StrideHeight)) - frame.Int(P.PadTop);
        int originX = (ox * frame.Int(P.StrideWidth)) - frame.Int(P.PadLeft);
        int image = frame.Int(P.Input) + (batch * height * width * channels);
        int tap = 0;
        for (int ky = 0; ky < kernelHeight; ky++)
        {
            int iy = originY + (ky * dilationHeight);
            bool rowInside = iy >= 0 && iy < height;
            for (int kx = 0; kx < kernelWidth; kx++)
            {
                int ix = originX + (kx * dilationWidth);
                positions[tap++] = rowInside && ix >= 0 && ix < width ? image + (((iy * width) + ix) * channels) : -1;
            }
        }
    }

    private static void SumChannels(sbyte[] arena, ReadOnlySpan<int> positions, int first, ReadOnlySpan<short> filter, int zeroPoint, int count, Span<int> sums)
    {
        Span<sbyte> tail = stackalloc sbyte[Lanes.Step];
        Vector256<short> padding = Vector256.Create((short)zeroPoint);
        for (int c = 0; c < count; c += Lanes.Step)
        {
            Vector256<int> lower = Vector256<int>.Zero;
            Vector256<int> upper = Vector256<int>.Zero;
            for (int tap = 0; tap < positions.Length; tap++)
            {
                int at = positions[tap];
                Vector256<short> x = at < 0 ? padding : Lanes.Widen(Load(arena, at + first + c, tail));
                Vector256<short> product = x * Vector256.Create(filter.Slice((tap * BlockChannels) + c, Lanes.Step));
                lower += Vector256.WidenLower(product);
                upper += Vector256.WidenUpper(product);
            }
            lower.CopyTo(sums.Slice(c));
            upper.CopyTo(sums.Slice(c + 8));
        }
    }

    private static void SumSingle(sbyte[] arena, ReadOnlySpan<int> positions, ReadOnlySpan<short> filter, int zeroPoint, int count, Span<int> sums)
    {
        for (int c = 0; c < count; c += Lanes.Step)
        {
            Vector256<int> lower = Vector256<int>.Zero;
            Vector256<int> upper = Vector256<int>.Zero;
            for (int tap = 0; tap < positions.Length; tap++)
            {
                int at = positions[tap];
                Vector256<short> product = Vector256.Create((short)(at < 0 ? zeroPoint : arena[at])) * Vector256.Create(filter.Slice((tap * BlockChannels) + c, Lanes.Step));
                lower += Vector256.WidenLower(product);
                upper += Vector256.WidenUpper(product);
            }
            lower.CopyTo(sums.Slice(c));
            upper.CopyTo(sums.Slice(c + 8));
        }
    }

    /// <summary>16 bytes of the arena, or as many as it has from there on; the rest meets weights of 0.</summary>
    private static Vector128<sbyte> Load(sbyte[] arena, int offset, Span<sbyte> tail)
    {
        if (offset <= arena.Length - Lanes.Step)
            return Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(arena), (nuint)offset);
        arena.AsSpan(offset).CopyTo(tail);
        return Vector128.Create((ReadOnlySpan<sbyte>)tail);
    }
}
#endif
