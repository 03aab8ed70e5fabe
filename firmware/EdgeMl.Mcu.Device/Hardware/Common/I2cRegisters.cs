using System;
using System.Device.I2c;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Device.Sensors;

namespace EdgeMl.Mcu.Device.Hardware.Common;

/// <summary>A chip on the board's I2C bus, at 400 kHz.</summary>
public sealed class I2cRegisters : RegisterBus
{
    private readonly I2cDevice _device;
    private readonly byte[] _register = new byte[1];
    private readonly byte[] _pair = new byte[2];

    private I2cRegisters(I2cDevice device)
    {
        _device = device;
    }

    /// <summary>Opens the bus for one chip; its pins are set already.</summary>
    /// <returns>Null where the board has no such bus.</returns>
    public static I2cRegisters Open(SensorSettings settings)
    {
        try
        {
            return new I2cRegisters(I2cDevice.Create(new I2cConnectionSettings(settings.Channel, settings.Address, I2cBusSpeed.FastMode)));
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public override bool Write(int register, int value)
    {
        _pair[0] = (byte)register;
        _pair[1] = (byte)value;
        try
        {
            return _device.Write(_pair).Status == I2cTransferStatus.FullTransfer;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override bool Read(int register, byte[] values)
    {
        _register[0] = (byte)register;
        try
        {
            return _device.WriteRead(_register, values).Status == I2cTransferStatus.FullTransfer;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
