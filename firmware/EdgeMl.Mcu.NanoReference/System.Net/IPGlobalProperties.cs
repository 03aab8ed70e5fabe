namespace System.Net.NetworkInformation;

public static class IPGlobalProperties
{
    public static IPAddress GetIPAddress() => throw null;
}
