namespace EdgeMl.Mcu.Bench;

/// <summary>The codes of <see cref="BenchException"/>.</summary>
/// <remarks>The remarks of a code say what to do about it; docs/errors.md is written from both.</remarks>
public static class BenchErrorCodes
{
    /// <summary>There is no serial port of that name.</summary>
    /// <remarks><c>edgeml ports</c> lists the ports of the machine.</remarks>
    public const string PortNotFound = "port.not-found";

    /// <summary>Another program has the serial port open.</summary>
    /// <remarks>Close the terminal program, the debugger or the other <c>edgeml</c> that uses it.</remarks>
    public const string PortBusy = "port.busy";

    /// <summary>The user may not open the serial port.</summary>
    /// <remarks>On Linux: <c>sudo usermod -aG dialout $USER</c>, then log in again.</remarks>
    public const string PortDenied = "port.denied";

    /// <summary>The name is of something that is no serial port, or the port does not take the baud rate.</summary>
    /// <remarks>Give a port that <c>edgeml ports</c> lists, and a usual baud rate.</remarks>
    public const string PortUnsuitable = "port.unsuitable";

    /// <summary>The serial port is gone: unplugged, reset, or the other end closed it.</summary>
    /// <remarks>Check the cable; look with <c>edgeml ports</c> under which name the board came back.</remarks>
    public const string PortDisconnected = "port.disconnected";
}
