using System;
using System.Device.I2c;

namespace EdgeMl.Mcu.Samples.Gesture.Hardware;

/// <summary>An MPU-6050 on an I2C bus: acceleration in a range of 4 g, 50 samples a second.</summary>
public sealed class Mpu6050 : IDisposable
{
    private const int Address = 0x68;
    private const byte SampleRateDivider = 0x19;
    private const byte Configuration = 0x1A;
    private const byte AccelerometerConfiguration = 0x1C;
    private const byte InterruptStatus = 0x3A;
    private const byte AccelerationX = 0x3B;
    private const byte PowerManagement = 0x6B;
    private const byte WhoAmI = 0x75;

    private readonly I2cDevice _device;
    private readonly byte[] _register = new byte[1];
    private readonly byte[] _data = new byte[6];

    /// <summary>Wakes the sensor and sets it up.</summary>
    /// <exception cref="InvalidOperationException">Nothing answers, or something else does.</exception>
    public Mpu6050(int bus)
    {
        _device = I2cDevice.Create(new I2cConnectionSettings(bus, Address, I2cBusSpeed.FastMode));
        // Reference clock from the gyroscope; low pass of 21 Hz, which makes the internal rate 1 kHz; 1 kHz / (1 + 19); range 4 g.
        if (!TryRead(WhoAmI, 1) || _data[0] != Address || !TryWrite(PowerManagement, 1) || !TryWrite(Configuration, 4) || !TryWrite(SampleRateDivider, 19) || !TryWrite(AccelerometerConfiguration, 1 << 3))
            throw new InvalidOperationException("no MPU-6050 at 0x68");
    }

    /// <summary>The newest acceleration, 8,192 counts a g.</summary>
    public short X { get; private set; }

    /// <summary>As <see cref="X"/>.</summary>
    public short Y { get; private set; }

    /// <summary>As <see cref="X"/>.</summary>
    public short Z { get; private set; }

    /// <summary>Reads a sample. False where there is no new one, or the bus failed.</summary>
    public bool TryRead()
    {
        if (!TryRead(InterruptStatus, 1) || (_data[0] & 1) == 0 || !TryRead(AccelerationX, 6))
            return false;
        X = (short)((_data[0] << 8) | _data[1]);
        Y = (short)((_data[2] << 8) | _data[3]);
        Z = (short)((_data[4] << 8) | _data[5]);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _device.Dispose();
    }

    private bool TryRead(byte register, int count)
    {
        _register[0] = register;
        return _device.WriteRead(new SpanByte(_register), new SpanByte(_data, 0, count)).Status == I2cTransferStatus.FullTransfer;
    }

    private bool TryWrite(byte register, byte value)
    {
        return _device.Write(new SpanByte(new byte[] { register, value })).Status == I2cTransferStatus.FullTransfer;
    }
}
