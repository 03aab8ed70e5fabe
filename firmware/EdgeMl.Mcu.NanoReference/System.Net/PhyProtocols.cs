namespace System.Net.NetworkInformation;

[Flags]
public enum PhyProtocols
{
    PHY802_11b = 0x01,
    PHY802_11g = 0x02,
    PHY802_11n = 0x04,
    PHY802_11lr = 0x08,
}
