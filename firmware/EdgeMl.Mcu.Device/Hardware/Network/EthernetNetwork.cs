using System;
using System.Threading;
using EdgeMl.Mcu.Device.Network;
using nanoFramework.Networking;

namespace EdgeMl.Mcu.Device.Hardware.Network;

/// <summary>Ethernet with an address by DHCP, or as the firmware's network configuration says.</summary>
public sealed class EthernetNetwork : NetworkPort
{
    private const int JoinMilliseconds = 60_000;

    private readonly bool _needsTime;
    private bool _isJoined;

    /// <summary>Creates it.</summary>
    /// <param name="needsTime">Whether the clock must be set before certificates can be verified.</param>
    public EthernetNetwork(bool needsTime)
    {
        _needsTime = needsTime;
    }

    /// <inheritdoc/>
    public override bool Join()
    {
        try
        {
            if (!_isJoined)
                _isJoined = NetworkHelper.SetupAndConnectNetwork(new CancellationTokenSource(JoinMilliseconds).Token, _needsTime);
        }
        catch (Exception exception)
        {
            Console.WriteLine("ethernet: " + exception.Message);
        }
        return _isJoined;
    }

    /// <inheritdoc/>
    public override void Leave()
    {
        // The cable stays; lwIP follows it up and down by itself.
    }
}
