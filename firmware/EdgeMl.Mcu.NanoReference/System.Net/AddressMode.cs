namespace System.Net.NetworkInformation;

public enum AddressMode : byte
{
    Invalid = 0,
    DHCP = 1,
    Static = 2,
    AutoIP = 3,
}
