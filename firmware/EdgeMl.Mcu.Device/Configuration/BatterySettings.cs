namespace EdgeMl.Mcu.Device.Configuration;

/// <summary>How the charge of the battery is measured: a voltage divider at an analogue input.</summary>
public sealed class BatterySettings
{
    /// <summary>Highest voltage in millivolts that the settings may name.</summary>
    public const int MillivoltsMax = 60_000;

    /// <summary>ADC channel, 0 to 63; key 0.</summary>
    public int Channel { get; set; }

    /// <summary>Millivolts of the empty battery; key 1.</summary>
    public int EmptyMillivolts { get; set; } = 3_300;

    /// <summary>Millivolts of the full battery, above <see cref="EmptyMillivolts"/>; key 2.</summary>
    public int FullMillivolts { get; set; } = 4_200;

    /// <summary>Millivolts of the battery at which the analogue input has its highest value; key 3.</summary>
    public int ScaleMillivolts { get; set; } = 6_600;

    /// <summary>The charge of a reading, linear between empty and full.</summary>
    /// <param name="reading">What the analogue input gave, 0 to <paramref name="readingMax"/>.</param>
    /// <param name="readingMax">Its highest value, 1 or more.</param>
    /// <returns>0 to 100 percent.</returns>
    public int Percent(int reading, int readingMax)
    {
        long millivolts = (long)reading * ScaleMillivolts / readingMax;
        if (millivolts <= EmptyMillivolts)
            return 0;
        return millivolts >= FullMillivolts ? 100 : (int)((millivolts - EmptyMillivolts) * 100 / (FullMillivolts - EmptyMillivolts));
    }
}
