using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Kernels;
using P = EdgeMl.Mcu.Runtime.Kernels.Mean;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>int16 mean or sum over any axes, as <see cref="Mean"/>, whose parameters it has. No weights.</summary>
public sealed class MeanInt16 : Kernel
{
    /// <inheritdoc/>
    public override int ParameterCount => P.Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        int kept = layer.Product(layer.Product(layer.Dimension(P.Shape), layer.Dimension(P.Shape + 2)), layer.Dimension(P.Shape + 4));
        int reduced = layer.Product(layer.Product(layer.Dimension(P.Shape + 1), layer.Dimension(P.Shape + 3)), layer.Dimension(P.Shape + 5));
        layer.Arena(P.Input, layer.Product(layer.Product(kept, reduced), 2));
        layer.Arena(P.Output, layer.Product(kept, 2));
        layer.Range(P.OutputZeroPoint, short.MinValue, short.MaxValue);
        layer.Range(P.Multiplier, 0, int.MaxValue);
        layer.Range(P.Shift, -62, 30);
        layer.Weights(0);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        int k0 = frame.Int(P.Shape);
        int r0 = frame.Int(P.Shape + 1);
        int k1 = frame.Int(P.Shape + 2);
        int k2 = frame.Int(P.Shape + 4);
        int r2 = frame.Int(P.Shape + 5);
        int strideK1 = 2 * frame.Int(P.Shape + 3) * k2 * r2;
        int input = frame.Int(P.Input);
        int y = frame.Int(P.Output);
        for (int i0 = 0; i0 < k0; i0++)
        {
            for (int i1 = 0; i1 < k1; i1++)
            {
                for (int i2 = 0; i2 < k2; i2++)
                {
                    Element.WriteInt16(frame.Arena, y, Reduce(frame, input + (((i0 * r0 * k1) + i1) * strideK1) + (i2 * r2 * 2)));
                    y += 2;
                }
            }
        }
    }

    private static int Reduce(Frame frame, int x)
    {
        int r0 = frame.Int(P.Shape + 1);
        int r1 = frame.Int(P.Shape + 3);
        int r2 = frame.Int(P.Shape + 5);
        int stride1 = 2 * frame.Int(P.Shape + 4) * r2;
        int stride0 = frame.Int(P.Shape + 2) * r1 * stride1;
        int sum = 0;
        for (int j0 = 0; j0 < r0; j0++)
        {
            for (int j1 = 0; j1 < r1; j1++)
            {
                int row = x + (j0 * stride0) + (j1 * stride1);
                for (int j2 = 0; j2 < r2; j2++)
                    sum += Element.ReadInt16(frame.Arena, row + (2 * j2));
            }
        }
        sum = FixedPoint.MultiplyByQuantizedMultiplier(sum - frame.Int(P.InputBias), frame.Int(P.Multiplier), frame.Int(P.Shift)) + frame.Int(P.OutputZeroPoint);
        if (sum < short.MinValue)
            return short.MinValue;
        return sum > short.MaxValue ? short.MaxValue : sum;
    }
}
