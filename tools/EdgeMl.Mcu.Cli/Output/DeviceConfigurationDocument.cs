using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Device.Energy;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>What there is to say about a device's configuration: everything but its secrets.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Fleet">Fleet.</param>
/// <param name="Device">Device.</param>
/// <param name="HasPublisherKey">Whether the device can verify updates.</param>
/// <param name="Broker">The broker.</param>
/// <param name="CertificateBytes">Bytes of the authority's certificate, 0 for none.</param>
/// <param name="Wifi">Name of the network, or null.</param>
/// <param name="Sensor">What the model looks at.</param>
/// <param name="IntervalMilliseconds">Milliseconds between inferences.</param>
/// <param name="ModelRamBytes">RAM for a model.</param>
/// <param name="SlotBytes">Capacity of one slot.</param>
/// <param name="PageBytesMax">Largest page of weights; 0 where models are loaded.</param>
/// <param name="BenchLink">Serial port of the bench link, or null.</param>
/// <param name="HasBattery">Whether the battery is measured.</param>
/// <param name="Levels">The energy policy.</param>
internal sealed record DeviceConfigurationDocument(
    string Path, string Fleet, string Device, bool HasPublisherKey, string Broker, int CertificateBytes, string? Wifi, string Sensor, int IntervalMilliseconds,
    int ModelRamBytes, int SlotBytes, int PageBytesMax, string? BenchLink, bool HasBattery, IReadOnlyList<EnergyLevel> Levels)
{
    /// <summary>The document of a configuration.</summary>
    public static DeviceConfigurationDocument Of(DeviceConfiguration configuration, string path) => new(
        path, configuration.Fleet, configuration.Device, configuration.PublisherKey is not null,
        $"{(configuration.UsesTls ? "mqtts" : "mqtt")}://{configuration.BrokerHost}:{configuration.BrokerPort}", configuration.Certificate?.Length ?? 0, configuration.WifiName,
        configuration.Sensor.Kind.ToString().ToLowerInvariant(), configuration.Sensor.IntervalMilliseconds, configuration.ModelRamBytes, configuration.SlotBytes, configuration.PageBytesMax,
        configuration.Link?.Port, configuration.Battery is not null, configuration.Energy.Levels);

    /// <summary>Name of a key of the file.</summary>
    public static string NameOf(int key) =>
        typeof(ConfigurationKey).GetFields().FirstOrDefault(field => (int)field.GetRawConstantValue()! == key)?.Name ?? "the file";

    /// <summary>Prints it for people.</summary>
    public void Print(TextWriter output)
    {
        output.WriteLine($"{Device} of {Fleet}: {Path}");
        output.WriteLine($"  broker {Broker}{(CertificateBytes > 0 ? $", certificate of {CertificateBytes:N0} bytes" : "")}{(Wifi is null ? "" : $", Wi-Fi {Wifi}")}");
        output.WriteLine($"  sensor {Sensor}, an inference every {IntervalMilliseconds:N0} ms{(BenchLink is null ? "" : $", bench link on {BenchLink}")}");
        output.WriteLine($"  {ModelRamBytes:N0} bytes of RAM for a model, slots of {SlotBytes:N0} bytes{(PageBytesMax > 0 ? $", weights in pages of {PageBytesMax:N0}" : "")}");
        foreach (EnergyLevel level in Levels)
        {
            string radio = level.RadioPeriodMilliseconds == 0 ? "radio on" : $"radio every {level.RadioPeriodMilliseconds / 1000.0:N0} s";
            output.WriteLine($"  from {level.FromPercent} %: an inference every {level.IntervalMilliseconds:N0} ms, {radio}{(level.RunsEconomyModel ? ", economy model" : "")}{(level.SleepsDeeply ? ", deep sleep" : "")}");
        }
        if (!HasPublisherKey)
            output.WriteLine("  no publisher key: the device refuses every update");
    }
}
