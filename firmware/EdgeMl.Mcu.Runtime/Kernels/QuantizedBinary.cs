namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>Operators with two inputs that compute with zero points and multipliers. A derived kernel says how many multipliers it has and computes a row.</summary>
public abstract class QuantizedBinary : BinaryKernel
{
    /// <summary>Parameter: zero point of the first input.</summary>
    public const int ZeroPoint1 = FirstOwn;

    /// <summary>Parameter: zero point of the second input.</summary>
    public const int ZeroPoint2 = FirstOwn + 1;

    /// <summary>Parameter: zero point of the output.</summary>
    public const int OutputZeroPoint = FirstOwn + 2;

    /// <summary>Parameters: Q0.31 multiplier and shift (positive shifts left) of each of the derived kernel's factors.</summary>
    public const int FirstMultiplier = FirstOwn + 3;

    private readonly int _multipliers;

    /// <summary>Creates a kernel with a number of multipliers.</summary>
    protected QuantizedBinary(int multipliers)
    {
        _multipliers = multipliers;
    }

    /// <inheritdoc/>
    public override int ParameterCount => FirstMultiplier + (2 * _multipliers);

    /// <inheritdoc/>
    protected override void ValidateOwn(LayerReader layer)
    {
        layer.Range(ZeroPoint1, -128, 127);
        layer.Range(ZeroPoint2, -128, 127);
        layer.Range(OutputZeroPoint, -128, 127);
        for (int i = FirstMultiplier; i < ParameterCount; i += 2)
        {
            layer.Range(i, 0, int.MaxValue);
            layer.Range(i + 1, -31, 30);
        }
    }
}
