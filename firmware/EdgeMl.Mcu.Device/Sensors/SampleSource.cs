namespace EdgeMl.Mcu.Device.Sensors;

/// <summary>What a <see cref="WindowSensor"/> samples: a value for each of its channels at a time. No member throws.</summary>
public abstract class SampleSource
{
    /// <summary>Values of one sample, 1 or more.</summary>
    public abstract int Channels { get; }

    /// <summary>Makes the source ready; called before the first sample, and again after one that failed.</summary>
    /// <returns>False where it does not answer.</returns>
    public abstract bool Open();

    /// <summary>Takes one sample.</summary>
    /// <param name="values">Takes the values.</param>
    /// <param name="offset">Place of the first channel's.</param>
    /// <returns>False where the source does not answer.</returns>
    public abstract bool Read(float[] values, int offset);
}
