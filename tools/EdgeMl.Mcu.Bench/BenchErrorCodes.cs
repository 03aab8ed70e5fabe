namespace EdgeMl.Mcu.Bench;

/// <summary>The codes of <see cref="BenchException"/>.</summary>
public static class BenchErrorCodes
{
    /// <summary>There is no serial port of that name.</summary>
    public const string PortNotFound = "port.not-found";

    /// <summary>Another program has the serial port open.</summary>
    public const string PortBusy = "port.busy";

    /// <summary>The user may not open the serial port.</summary>
    public const string PortDenied = "port.denied";

    /// <summary>The name is of something that is no serial port, or the port does not take the baud rate.</summary>
    public const string PortUnsuitable = "port.unsuitable";

    /// <summary>The serial port is gone: unplugged, reset, or the other end closed it.</summary>
    public const string PortDisconnected = "port.disconnected";
}
