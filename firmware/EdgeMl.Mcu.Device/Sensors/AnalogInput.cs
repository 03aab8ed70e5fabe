namespace EdgeMl.Mcu.Device.Sensors;

/// <summary>The port to one channel of an analogue-to-digital converter. No member throws.</summary>
public abstract class AnalogInput
{
    /// <summary>The highest reading, 1 or more.</summary>
    public abstract int Max { get; }

    /// <summary>Converts.</summary>
    /// <returns>0 to <see cref="Max"/>; -1 where the channel does not exist.</returns>
    public abstract int Read();
}
