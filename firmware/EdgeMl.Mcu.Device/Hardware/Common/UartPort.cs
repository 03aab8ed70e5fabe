using System;
using System.IO.Ports;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Link.Ports;

namespace EdgeMl.Mcu.Device.Hardware.Common;

/// <summary>A UART of the board as the port of the bench link.</summary>
public sealed class UartPort : LinkPort
{
    private const int BufferBytes = 2_048;
    private const int WriteMilliseconds = 2_000;

    private readonly SerialPort _port;

    private UartPort(SerialPort port)
    {
        _port = port;
    }

    /// <summary>Opens a port; its pins are set already.</summary>
    /// <returns>Null where the board has no such port.</returns>
    public static UartPort Open(LinkSettings settings)
    {
        try
        {
            var port = new SerialPort(settings.Port, settings.BaudRate) { ReadBufferSize = BufferBytes, WriteTimeout = WriteMilliseconds };
            port.Open();
            return new UartPort(port);
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            int waiting = _port.BytesToRead;
            if (waiting < count)
                count = waiting;
            return count == 0 ? 0 : _port.Read(buffer, offset, count);
        }
        catch (Exception)
        {
            return 0;
        }
    }

    /// <inheritdoc/>
    public override bool Write(byte[] buffer, int offset, int count)
    {
        try
        {
            _port.Write(buffer, offset, count);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
