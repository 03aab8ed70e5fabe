using System;
using System.Device.Wifi;
using System.Threading;
using EdgeMl.Mcu.Device.Network;
using nanoFramework.Networking;

namespace EdgeMl.Mcu.Device.Hardware.Network;

/// <summary>Wi-Fi with an address by DHCP.</summary>
public sealed class WifiNetwork : NetworkPort
{
    private const int JoinMilliseconds = 60_000;

    private readonly string _name;
    private readonly string _password;
    private readonly bool _needsTime;

    /// <summary>Creates it.</summary>
    /// <param name="name">Name of the network; null for the one that the firmware has been told.</param>
    /// <param name="password">Its password.</param>
    /// <param name="needsTime">Whether the clock must be set before certificates can be verified.</param>
    public WifiNetwork(string name, string password, bool needsTime)
    {
        _name = name;
        _password = password;
        _needsTime = needsTime;
    }

    /// <inheritdoc/>
    public override bool Join()
    {
        try
        {
            CancellationToken end = new CancellationTokenSource(JoinMilliseconds).Token;
            if (_name == null)
                return WifiNetworkHelper.Reconnect(_needsTime, 0, end);
            // Automatic would have the firmware join at each start, also where the radio is to stay off.
            return WifiNetworkHelper.ConnectDhcp(_name, _password, WifiReconnectionKind.Manual, _needsTime, 0, end);
        }
        catch (Exception exception)
        {
            Console.WriteLine("wifi: " + exception.Message);
            return false;
        }
    }

    /// <inheritdoc/>
    public override void Leave()
    {
        try
        {
            WifiNetworkHelper.Disconnect();
        }
        catch (Exception)
        {
            // It was not joined.
        }
    }
}
