namespace EdgeMl.Mcu.Device.Network;

/// <summary>The port to the board's network, Wi-Fi or Ethernet. Called by one thread, which it may block.</summary>
public abstract class NetworkPort
{
    /// <summary>Joins the network and waits for an address, where that has not been done. May block for a minute.</summary>
    /// <returns>Whether there is an address.</returns>
    public abstract bool Join();

    /// <summary>Leaves the network and switches the radio off, where the board can.</summary>
    public abstract void Leave();
}
