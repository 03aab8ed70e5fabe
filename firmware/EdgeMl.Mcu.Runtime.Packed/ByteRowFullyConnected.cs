using System;
using EdgeMl.Mcu.Runtime.Kernels;

namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>
/// <see cref="FullyConnected"/> with one row and symmetric weights, the same bits: up to <see cref="TermsMax"/> inputs stay in locals while each output's weights are brought to
/// constant places.
/// </summary>
/// <remarks>
/// Parameters as <see cref="FullyConnected"/>, then <see cref="Uniform"/>. Weights: w + 128 [N, K] uint8, then a <see cref="ChannelTable"/>. The strip takes the inputs of one
/// block of terms, the lanes the sums of <see cref="OutputsAtOnce"/> outputs, and the frame's row one row of weights.
/// </remarks>
public sealed class ByteRowFullyConnected : Kernel
{
    /// <summary>Parameter: 1 where all channels have one multiplier and shift, and no accumulator exceeds 32 bits; see <see cref="RowOutputs.Apply"/>.</summary>
    public const int Uniform = FullyConnected.Count;

    /// <summary>Number of parameters.</summary>
    public const int Count = Uniform + 1;

    /// <summary>Terms of one block.</summary>
    public const int TermsMax = ByteDotSteps.TermsMax;

    /// <summary>Outputs whose sums are kept.</summary>
    public const int OutputsAtOnce = 128;

    /// <summary>What the file's weights are greater by.</summary>
    public const int WeightOffset = 128;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <summary>Terms that are computed for a block of <paramref name="terms"/> ones.</summary>
    public static int PaddedTerms(int terms)
    {
        return ByteDotSteps.Terms(ByteDotSteps.Size(terms));
    }

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        ValidateRow(layer);
        layer.Lanes(OutputsAtOnce);
        layer.Strip(TermsMax);
        layer.Row(TermsMax);
    }

    /// <summary>Checks the parameters of a layer with one row and symmetric weights.</summary>
    internal static void ValidateRow(LayerReader layer)
    {
        layer.Range(FullyConnected.Batches, 1, 1);
        int inputDepth = layer.Dimension(FullyConnected.InputDepth);
        int outputDepth = layer.Dimension(FullyConnected.OutputDepth);
        layer.Arena(FullyConnected.Input, inputDepth);
        layer.Arena(FullyConnected.Output, outputDepth);
        layer.Range(FullyConnected.OutputZeroPoint, -128, 127);
        layer.Range(FullyConnected.WeightZeroPoint, 0, 0);
        layer.ActivationRange(FullyConnected.ActivationMin, FullyConnected.ActivationMax);
        layer.Range(Uniform, 0, 1);
        ChannelTable.Validate(layer, layer.Product(inputDepth, outputDepth), outputDepth);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
#if NET
        if (Host.HostAcceleration.Enabled && Host.VectorFullyConnected.TryRunOffset(frame))
            return;
#endif
        sbyte[] arena = frame.Arena;
        int input = frame.Int(FullyConnected.Input);
        int depth = frame.Int(FullyConnected.InputDepth);
        int outputs = frame.Int(FullyConnected.OutputDepth);
        bool uniform = frame.Int(Uniform) != 0;
        int inputSum = 0;
        for (int first = 0; first < outputs; first += OutputsAtOnce)
        {
            int count = outputs - first < OutputsAtOnce ? outputs - first : OutputsAtOnce;
            Array.Clear(frame.Lanes, 0, count);
            for (int k = 0; k < depth; k += TermsMax)
            {
                int terms = depth - k < TermsMax ? depth - k : TermsMax;
                Array.Copy(arena, input + k, arena, frame.Strip, terms);
                Array.Clear(arena, frame.Strip + terms, TermsMax - terms);
                int sum = ByteDotSteps.Run(
                    arena, frame.Strip, frame.Weights, frame.WeightOffset + (first * depth) + k, depth, terms, frame.Row, frame.Lanes, count, ByteDotSteps.Size(terms));
                if (first == 0)
                    inputSum += sum;
            }
            RowOutputs.Apply(frame, 0, first, count, -WeightOffset * inputSum, uniform);
        }
    }
}
