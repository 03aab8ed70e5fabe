using S = EdgeMl.Mcu.Runtime.Kernels.SumScale;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>int8 sum of several inputs of one shape and quantisation. The output may stand in the place of any of them.</summary>
/// <remarks>Parameters: <see cref="SumScale"/>, then the ones here. No weights.</remarks>
public sealed class AddN : Kernel
{
    /// <summary>Most inputs.</summary>
    public const int MaxInputs = 16;

    /// <summary>Parameter: number of elements.</summary>
    public const int Length = S.Count;

    /// <summary>Parameter: number of inputs.</summary>
    public const int InputCount = S.Count + 1;

    /// <summary>Parameter: offset of the output in the arena.</summary>
    public const int Output = S.Count + 2;

    /// <summary>Parameters: offsets of the inputs in the arena, those in use first.</summary>
    public const int Inputs = S.Count + 3;

    /// <summary>Number of parameters.</summary>
    public const int Count = Inputs + MaxInputs;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        S.Validate(layer);
        int length = layer.Dimension(Length);
        int inputs = layer.Range(InputCount, 1, MaxInputs);
        layer.Arena(Output, length);
        for (int i = 0; i < inputs; i++)
            layer.Arena(Inputs + i, length);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        int length = frame.Int(Length);
        int inputs = frame.Int(InputCount);
        int output = frame.Int(Output);
        int start = frame.Int(S.Start) - (inputs * frame.Int(S.InputZeroPoint));
        int zeroPoint = frame.Int(S.OutputZeroPoint);
        int multiplier = frame.Int(S.Multiplier);
        int shift = frame.Int(S.Multiplier + 1);
        for (int i = 0; i < length; i++)
        {
            int sum = start;
            for (int j = 0; j < inputs; j++)
                sum += arena[frame.Int(Inputs + j) + i];
            arena[output + i] = (sbyte)S.Apply(sum, multiplier, shift, zeroPoint);
        }
    }
}
