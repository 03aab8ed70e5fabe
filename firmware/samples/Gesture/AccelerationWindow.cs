namespace EdgeMl.Mcu.Samples.Gesture;

/// <summary>The last samples of an accelerometer, and what the model is given of them.</summary>
/// <remarks>
/// A feature is the acceleration less its mean over the window, which takes away gravity and the sensor's offset, in steps of 1/32 g, held within a signed byte.
/// All of it is integer arithmetic, the same in training.
/// </remarks>
public sealed class AccelerationWindow
{
    /// <summary>Samples in a window.</summary>
    public const int Length = 64;

    /// <summary>Numbers that a sensor gives for 1 g.</summary>
    public const int CountsPerG = 8192;

    private const int LogLength = 6;
    private const int CountsPerStep = 256;
    private const int LogCountsPerStep = 8;

    // One ring an axis.
    private readonly short[][] _axes = { new short[Length], new short[Length], new short[Length] };
    private int _next;

    /// <summary>Samples that are still missing for the first whole window.</summary>
    public int Missing { get; private set; } = Length;

    /// <summary>Takes one sample, <see cref="CountsPerG"/> counts a g.</summary>
    public void Add(short x, short y, short z)
    {
        _axes[0][_next] = x;
        _axes[1][_next] = y;
        _axes[2][_next] = z;
        _next = (_next + 1) & (Length - 1);
        if (Missing > 0)
            Missing--;
    }

    /// <summary>Writes the features in the model's order: all of an axis, oldest first, axis after axis.</summary>
    /// <param name="axis">0 to 2 for x, y and z.</param>
    /// <param name="features">Takes <see cref="Length"/> values from -128 to 127.</param>
    /// <param name="offset">Where the first one goes.</param>
    /// <param name="stride">Distance from one to the next.</param>
    public void CopyTo(int axis, sbyte[] features, int offset, int stride)
    {
        short[] samples = _axes[axis];
        int sum = 0;
        for (int i = 0; i < Length; i++)
            sum += samples[i];
        int zero = (sum >> LogLength) - (CountsPerStep / 2);
        int from = _next;
        for (int i = 0; i < Length; i++)
        {
            int step = (samples[from] - zero) >> LogCountsPerStep;
            features[offset] = (sbyte)(step < sbyte.MinValue ? sbyte.MinValue : step > sbyte.MaxValue ? sbyte.MaxValue : step);
            offset += stride;
            from = (from + 1) & (Length - 1);
        }
    }
}
