namespace EdgeMl.Mcu.Device.Configuration;

/// <summary>Keys of the map in a configuration file. A number keeps its meaning; a reader skips those that it does not know.</summary>
public static class ConfigurationKey
{
    /// <summary>Number of the format, <see cref="DeviceConfiguration.Format"/>.</summary>
    public const int Format = 0;

    /// <summary>Fleet, text.</summary>
    public const int Fleet = 1;

    /// <summary>Device id, text.</summary>
    public const int Device = 2;

    /// <summary>Device key, 32 bytes.</summary>
    public const int DeviceKey = 3;

    /// <summary>Publisher's public key, 52 bytes.</summary>
    public const int PublisherKey = 4;

    /// <summary>Broker's host name or address, text.</summary>
    public const int BrokerHost = 5;

    /// <summary>Broker's port.</summary>
    public const int BrokerPort = 6;

    /// <summary>Whether the connection to the broker is TLS.</summary>
    public const int BrokerTls = 7;

    /// <summary>Certificate of the authority that signed the broker's, PEM or DER.</summary>
    public const int Certificate = 8;

    /// <summary>Name of the Wi-Fi network, text.</summary>
    public const int WifiName = 9;

    /// <summary>Password of the Wi-Fi network, text.</summary>
    public const int WifiPassword = 10;

    /// <summary>Map of <see cref="SensorSettings"/>.</summary>
    public const int Sensor = 11;

    /// <summary>Map of the energy policy.</summary>
    public const int Energy = 12;

    /// <summary>RAM for a model in bytes.</summary>
    public const int ModelRam = 13;

    /// <summary>Capacity of one slot in bytes.</summary>
    public const int Slot = 14;

    /// <summary>Largest page of weights in bytes.</summary>
    public const int Page = 15;

    /// <summary>Milliseconds without news after which the device asks what it should run.</summary>
    public const int Poll = 16;

    /// <summary>Lowest charge in percent at which an update begins.</summary>
    public const int UpdateCharge = 17;

    /// <summary>Map of <see cref="BatterySettings"/>.</summary>
    public const int Battery = 18;

    /// <summary>Map of <see cref="LinkSettings"/>.</summary>
    public const int Link = 19;
}
