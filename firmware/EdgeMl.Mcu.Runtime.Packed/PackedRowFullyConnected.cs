using System;
using EdgeMl.Mcu.Runtime.Kernels;

namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>
/// <see cref="FullyConnected"/> with one row and symmetric weights, the same bits, from weights that are packed in RAM when the model is loaded: three inputs in one <c>long</c>
/// times three weights in another, in opposite order, gives the sum of three products in the upper lane. Bit 63 belongs to the lane above.
/// </summary>
/// <remarks>
/// Parameters as <see cref="FullyConnected"/>, then <see cref="ByteRowFullyConnected.Uniform"/> and <see cref="BlockTerms"/>. Weights as <see cref="FullyConnected"/>. The result is
/// exact where in every row and block 128 Σ|w| &lt; 2^20; otherwise it is wrong but stays in bounds. The lanes hold the packed inputs of one block, then the sums of <see cref="OutputsAtOnce"/> outputs.
/// </remarks>
public sealed class PackedRowFullyConnected : Kernel
{
    /// <summary>Parameter: threes of weights of one block, 1 to <see cref="TermsMax"/>.</summary>
    public const int BlockTerms = ByteRowFullyConnected.Uniform + 1;

    /// <summary>Number of parameters.</summary>
    public const int Count = BlockTerms + 1;

    /// <summary>Most threes of weights of one block.</summary>
    public const int TermsMax = PackedDotSteps.TermsMax;

    /// <summary>Outputs whose sums are kept.</summary>
    public const int OutputsAtOnce = 128;

    /// <summary>64-bit words that the kernel needs.</summary>
    public const int LaneCount = TermsMax + OutputsAtOnce;

    /// <summary>What keeps the lower two lanes from borrowing.</summary>
    internal const long LaneBias = (1L << (PackedWeights.LaneBits - 1)) + (1L << ((2 * PackedWeights.LaneBits) - 1));

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <summary>Terms that are computed, and packed, for a block of <paramref name="terms"/> ones.</summary>
    public static int PaddedTerms(int terms)
    {
        return PackedDotSteps.Terms(PackedDotSteps.Size(terms));
    }

    /// <summary>Bytes of packed weights.</summary>
    public static long PackedBytes(int inputDepth, int outputDepth, int blockTerms)
    {
        int terms = (inputDepth + PackedWeights.Lanes - 1) / PackedWeights.Lanes;
        long words = (long)(terms / blockTerms) * PaddedTerms(blockTerms);
        if (terms % blockTerms != 0)
            words += PaddedTerms(terms % blockTerms);
        return 8 * words * outputDepth;
    }

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        ByteRowFullyConnected.ValidateRow(layer);
        int blockTerms = layer.Range(BlockTerms, 1, TermsMax);
        layer.Lanes(LaneCount);
        layer.Packed(PackedBytes(layer.Dimension(FullyConnected.InputDepth), layer.Dimension(FullyConnected.OutputDepth), blockTerms));
    }

    /// <inheritdoc/>
    public override long[][] Pack(Frame frame)
    {
        int depth = frame.Int(FullyConnected.InputDepth);
        int outputs = frame.Int(FullyConnected.OutputDepth);
        int block = frame.Int(BlockTerms) * PackedWeights.Lanes;
        byte[] weights = frame.Weights;
        var rows = new long[(depth + block - 1) / block * outputs][];
        int row = 0;
        for (int k = 0; k < depth; k += block)
        {
            int end = depth - k < block ? depth : k + block;
            int terms = PaddedTerms((end - k + PackedWeights.Lanes - 1) / PackedWeights.Lanes);
            for (int n = 0; n < outputs; n++)
            {
                var packed = new long[terms];
                int w = frame.WeightOffset + (n * depth);
                int shift = 2 * PackedWeights.LaneBits;
                int term = 0;
                for (int i = k; i < end; i++)
                {
                    packed[term] += (long)(sbyte)weights[w + i] << shift;
                    shift -= PackedWeights.LaneBits;
                    if (shift < 0)
                    {
                        shift = 2 * PackedWeights.LaneBits;
                        term++;
                    }
                }
                rows[row++] = packed;
            }
        }
        return rows;
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
#if NET
        if (Host.HostAcceleration.Enabled && Host.VectorFullyConnected.TryRun(frame))
            return;
#endif
        long[] lanes = frame.Lanes;
        int depth = frame.Int(FullyConnected.InputDepth);
        int outputs = frame.Int(FullyConnected.OutputDepth);
        int block = frame.Int(BlockTerms) * PackedWeights.Lanes;
        bool uniform = frame.Int(ByteRowFullyConnected.Uniform) != 0;
        int input = frame.Int(FullyConnected.Input);
        for (int first = 0; first < outputs; first += OutputsAtOnce)
        {
            int count = outputs - first < OutputsAtOnce ? outputs - first : OutputsAtOnce;
            int row = first;
            Array.Clear(lanes, TermsMax, count);
            for (int k = 0; k < depth; k += block)
            {
                int end = depth - k < block ? depth : k + block;
                PackInputs(lanes, frame.Arena, input + k, input + end);
                int size = PackedDotSteps.Size((end - k + PackedWeights.Lanes - 1) / PackedWeights.Lanes);
                PackedDotSteps.Run(lanes, frame.Packed, row, lanes, TermsMax, TermsMax + count, size);
                row += outputs;
            }
            RowOutputs.Apply(frame, TermsMax, first, count, 0, uniform);
        }
    }

    /// <summary>Packs the inputs of a block in threes, and 0 behind them.</summary>
    private static void PackInputs(long[] lanes, sbyte[] arena, int x, int end)
    {
        int term = 0;
        for (; x < end - 2; x += PackedWeights.Lanes)
            lanes[term++] = arena[x] + ((long)arena[x + 1] << PackedWeights.LaneBits) + ((long)arena[x + 2] << (2 * PackedWeights.LaneBits));
        if (x < end)
            lanes[term++] = arena[x] + (x + 1 < end ? (long)arena[x + 1] << PackedWeights.LaneBits : 0);
        Array.Clear(lanes, term, TermsMax - term);
    }
}
