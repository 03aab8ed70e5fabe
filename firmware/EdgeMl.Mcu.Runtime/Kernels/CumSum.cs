using S = EdgeMl.Mcu.Runtime.Kernels.SumScale;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>int8 running sum along an axis. The output may stand in the input's place.</summary>
/// <remarks>Parameters: <see cref="SumScale"/>, then the ones here. No weights.</remarks>
public sealed class CumSum : Kernel
{
    /// <summary>Parameter: offset of the input [outer, depth, inner] in the arena; sums run along depth.</summary>
    public const int Input = S.Count;

    /// <summary>Parameter: offset of the output in the arena.</summary>
    public const int Output = S.Count + 1;

    /// <summary>Parameter: product of the dimensions before the axis.</summary>
    public const int Outer = S.Count + 2;

    /// <summary>Parameter: size of the axis.</summary>
    public const int Depth = S.Count + 3;

    /// <summary>Parameter: product of the dimensions after the axis.</summary>
    public const int Inner = S.Count + 4;

    /// <summary>Parameter: 1 where an element does not count for its own sum, otherwise 0.</summary>
    public const int Exclusive = S.Count + 5;

    /// <summary>Parameter: 1 where sums run from the end, otherwise 0.</summary>
    public const int Reverse = S.Count + 6;

    /// <summary>Number of parameters.</summary>
    public const int Count = S.Count + 7;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        S.Validate(layer);
        int count = layer.Product(layer.Product(layer.Dimension(Outer), layer.Range(Depth, 1, S.MaxTerms)), layer.Dimension(Inner));
        layer.Arena(Input, count);
        layer.Arena(Output, count);
        layer.Range(Exclusive, 0, 1);
        layer.Range(Reverse, 0, 1);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        int outer = frame.Int(Outer);
        int depth = frame.Int(Depth);
        int inner = frame.Int(Inner);
        bool exclusive = frame.Int(Exclusive) != 0;
        bool reverse = frame.Int(Reverse) != 0;
        int start = frame.Int(S.Start);
        int inputZeroPoint = frame.Int(S.InputZeroPoint);
        int zeroPoint = frame.Int(S.OutputZeroPoint);
        int multiplier = frame.Int(S.Multiplier);
        int shift = frame.Int(S.Multiplier + 1);
        int toOutput = frame.Int(Output) - frame.Int(Input);
        int step = reverse ? -inner : inner;
        for (int i = 0; i < outer; i++)
        {
            for (int j = 0; j < inner; j++)
            {
                int x = frame.Int(Input) + (i * depth * inner) + j + (reverse ? (depth - 1) * inner : 0);
                int sum = start;
                for (int k = 0; k < depth; k++)
                {
                    int before = sum;
                    sum += arena[x] - inputZeroPoint;
                    arena[x + toOutput] = (sbyte)S.Apply(exclusive ? before : sum, multiplier, shift, zeroPoint);
                    x += step;
                }
            }
        }
    }
}
