namespace EdgeMl.Mcu.Device.Network;

/// <summary>What a <see cref="SupervisedLink"/> does.</summary>
public enum LinkState : byte
{
    /// <summary>There is no connection, and none is tried.</summary>
    Closed = 0,

    /// <summary>A connection is to be made, or is being made.</summary>
    Opening = 1,

    /// <summary>There is a connection.</summary>
    Open = 2,

    /// <summary>The connection has ended, or is to be ended; what it took is to be given back.</summary>
    Closing = 3,
}
