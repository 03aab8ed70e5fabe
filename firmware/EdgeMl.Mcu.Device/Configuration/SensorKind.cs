namespace EdgeMl.Mcu.Device.Configuration;

/// <summary>What the model looks at.</summary>
public enum SensorKind : byte
{
    /// <summary>Nothing: only the bench link runs the model.</summary>
    None = 0,

    /// <summary>A window of samples of an analogue input.</summary>
    Analog = 1,

    /// <summary>A window of samples of a three-axis accelerometer on I2C.</summary>
    Accelerometer = 2,

    /// <summary>Samples that come over the bench link.</summary>
    Feed = 3,
}
