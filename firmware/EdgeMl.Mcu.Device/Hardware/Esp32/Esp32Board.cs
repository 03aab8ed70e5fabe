using System;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Device.Hardware.Common;
using EdgeMl.Mcu.Device.Hardware.Network;
using EdgeMl.Mcu.Device.Network;
using EdgeMl.Mcu.Device.Sensors;
using EdgeMl.Mcu.Link.Ports;
using nanoFramework.Hardware.Esp32;
using nanoFramework.Runtime.Native;

namespace EdgeMl.Mcu.Device.Hardware.Esp32;

/// <summary>The ESP32s: Wi-Fi, littlefs on <c>I:</c>, pins of serial ports and I2C as one likes, deep sleep with a timer.</summary>
public sealed class Esp32Board : DriveBoard
{
    private const string Root = @"I:\";
    private const int LinkBaudRate = 115_200;
    private const string Chip = "ESP32";

    private readonly string _name;

    /// <summary>Creates the board that the firmware says it is.</summary>
    public Esp32Board()
        : base(Root)
    {
        string target = SystemInfo.TargetName;
        _name = target.IndexOf("S3") >= 0 ? Chip + "-S3" : target.IndexOf("C3") >= 0 ? Chip + "-C3" : Chip;
    }

    /// <inheritdoc/>
    public override string Name => _name;

    /// <inheritdoc/>
    public override bool HasWoken => Sleep.GetWakeupCause() == Sleep.WakeupCause.Timer;

    /// <inheritdoc/>
    public override LinkSettings DefaultLink => new LinkSettings { Port = "COM2", BaudRate = LinkBaudRate, TransmitPin = DefaultTransmitPin(), ReceivePin = DefaultReceivePin() };

    /// <inheritdoc/>
    public override NetworkPort OpenNetwork(DeviceConfiguration configuration)
    {
        return new WifiNetwork(configuration.WifiName, configuration.WifiPassword, configuration.UsesTls);
    }

    /// <inheritdoc/>
    public override LinkPort OpenLink(LinkSettings settings)
    {
        bool isSecond = settings.Port == "COM2";
        if (settings.TransmitPin >= 0)
            nanoFramework.Hardware.Esp32.Configuration.SetPinFunction(settings.TransmitPin, isSecond ? DeviceFunction.COM2_TX : DeviceFunction.COM3_TX);
        if (settings.ReceivePin >= 0)
            nanoFramework.Hardware.Esp32.Configuration.SetPinFunction(settings.ReceivePin, isSecond ? DeviceFunction.COM2_RX : DeviceFunction.COM3_RX);
        return base.OpenLink(settings);
    }

    /// <inheritdoc/>
    public override RegisterBus OpenRegisters(SensorSettings settings)
    {
        bool isFirst = settings.Channel == 1;
        if (settings.DataPin >= 0)
            nanoFramework.Hardware.Esp32.Configuration.SetPinFunction(settings.DataPin, isFirst ? DeviceFunction.I2C1_DATA : DeviceFunction.I2C2_DATA);
        if (settings.ClockPin >= 0)
            nanoFramework.Hardware.Esp32.Configuration.SetPinFunction(settings.ClockPin, isFirst ? DeviceFunction.I2C1_CLOCK : DeviceFunction.I2C2_CLOCK);
        return base.OpenRegisters(settings);
    }

    /// <inheritdoc/>
    public override void SleepDeeply(int milliseconds)
    {
        Sleep.EnableWakeupByTimer(TimeSpan.FromMilliseconds(milliseconds));
        Sleep.StartDeepSleep();
    }

    // The classic ESP32's second UART has its usual pins; the others' first 32 pins differ from module to module, and these two are free on the reference boards.
    private int DefaultTransmitPin()
    {
        return _name == Chip + "-C3" ? 5 : 17;
    }

    private int DefaultReceivePin()
    {
        return _name == Chip ? 16 : _name == Chip + "-C3" ? 4 : 18;
    }
}
