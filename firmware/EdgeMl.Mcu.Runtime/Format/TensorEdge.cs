namespace EdgeMl.Mcu.Runtime.Format;

/// <summary>What the source model does between the arena's values and the values that the user sees.</summary>
public enum TensorEdge : byte
{
    /// <summary>The model's own input or output is of the arena's type.</summary>
    None = 0,

    /// <summary>The model begins with Quantize, or ends with Dequantize: its own values are float32.</summary>
    Float = 1,

    /// <summary>The model ends with Dequantize and a float Softmax over the last axis.</summary>
    FloatSoftmax = 2,

    /// <summary>The model ends with Dequantize and a float LogSoftmax over the last axis.</summary>
    FloatLogSoftmax = 3,

    /// <summary>
    /// The model's own input is float32, and only comparisons <c>x &lt;= threshold</c> see it, whose thresholds are whole multiples of the scale: the arena holds
    /// <c>ceil(x / scale) + zeroPoint</c>, held within int8, NaN as the greatest, for which every comparison comes out as for x.
    /// </summary>
    FloatCeiling = 4,

    /// <summary>The model ends with a float logistic function of each element.</summary>
    FloatLogistic = 5,
}
