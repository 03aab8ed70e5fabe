namespace EdgeMl.Mcu.Device.Configuration;

/// <summary>The sensor and its parameters; those that a kind does not use are ignored.</summary>
public sealed class SensorSettings
{
    /// <summary>Longest time from one inference to the next in milliseconds: a day.</summary>
    public const int IntervalMax = 86_400_000;

    /// <summary>Shortest time from one sample to the next in microseconds: the clock of the device goes in milliseconds.</summary>
    public const int PeriodMin = 1_000;

    /// <summary>Longest time from one sample to the next in microseconds.</summary>
    public const int PeriodMax = 10_000_000;

    /// <summary>Value of a pin that the board's own assignment holds for.</summary>
    public const int DefaultPin = -1;

    /// <summary>What the model looks at; key 0.</summary>
    public SensorKind Kind { get; set; }

    /// <summary>Milliseconds from one inference to the next, 1 to <see cref="IntervalMax"/>; key 1. The energy policy may say more.</summary>
    public int IntervalMilliseconds { get; set; } = 1_000;

    /// <summary>Microseconds from one sample of a window to the next, <see cref="PeriodMin"/> to <see cref="PeriodMax"/>; key 2.</summary>
    public int PeriodMicroseconds { get; set; } = 10_000;

    /// <summary>ADC channel, 0 to 63, or number of the I2C bus, 1 to 9; key 3.</summary>
    public int Channel { get; set; }

    /// <summary>I2C address, 8 to 119; key 4.</summary>
    public int Address { get; set; } = 0x68;

    /// <summary>Which accelerometer; key 5.</summary>
    public AccelerometerChip Chip { get; set; } = AccelerometerChip.Mpu6050;

    /// <summary>Full scale of the accelerometer in g: 2, 4, 8 or 16; key 6.</summary>
    public int RangeG { get; set; } = 2;

    /// <summary>Pin of the I2C data line, 0 to 255, or <see cref="DefaultPin"/>; key 7.</summary>
    public int DataPin { get; set; } = DefaultPin;

    /// <summary>Pin of the I2C clock line, 0 to 255, or <see cref="DefaultPin"/>; key 8.</summary>
    public int ClockPin { get; set; } = DefaultPin;
}
