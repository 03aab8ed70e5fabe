namespace EdgeMl.Mcu.Toolchain.Passes.Channels;

/// <summary>int8 values from <paramref name="Low"/> to <paramref name="High"/>, both inclusive.</summary>
public readonly record struct ValueInterval(int Low, int High)
{
    /// <summary>Every int8 value.</summary>
    public static ValueInterval Any { get; } = new(sbyte.MinValue, sbyte.MaxValue);

    /// <summary>Whether there is only one value.</summary>
    public bool IsConstant => Low == High;

    /// <summary>The least interval that holds both.</summary>
    public ValueInterval Hull(ValueInterval other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High));
}
