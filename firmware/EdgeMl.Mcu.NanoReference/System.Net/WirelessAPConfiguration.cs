namespace System.Net.NetworkInformation;

public class WirelessAPConfiguration
{
    [Flags]
    public enum ConfigurationOptions : byte
    {
        None = 0x00,
        Disable = 0x01,
        Enable = 0x02,
        AutoStart = 0x06,
        HiddenSSID = 0x08,
    }

    public WirelessAPConfiguration(uint id) => throw null;
    public AuthenticationType Authentication { get => throw null; set => throw null; }
    public EncryptionType Encryption { get => throw null; set => throw null; }
    public RadioType Radio { get => throw null; set => throw null; }
    public string Password { get => throw null; set => throw null; }
    public string Ssid { get => throw null; set => throw null; }
    public ConfigurationOptions Options { get => throw null; set => throw null; }
    public byte Channel { get => throw null; set => throw null; }
    public byte MaxConnections { get => throw null; set => throw null; }
    public uint Id => throw null;
    public void SaveConfiguration() => throw null;
    public static WirelessAPConfiguration[] GetAllWirelessAPConfigurations() => throw null;
    public WirelessAPStation[] GetConnectedStations() => throw null;
    public WirelessAPStation GetConnectedStations(int stationIndex) => throw null;
    public void DeAuthStation(int stationIndex) => throw null;
}
