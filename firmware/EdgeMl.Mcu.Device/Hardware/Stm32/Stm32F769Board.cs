using System;
using System.Threading;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Device.Hardware.Common;
using EdgeMl.Mcu.Device.Hardware.Network;
using EdgeMl.Mcu.Device.Network;
using nanoFramework.Hardware.Stm32;

namespace EdgeMl.Mcu.Device.Hardware.Stm32;

/// <summary>STM32F769I-DISCO: Ethernet, the SD card as <c>D:</c>, standby that the real-time clock ends.</summary>
public sealed class Stm32F769Board : DriveBoard
{
    private const string Root = @"D:\";
    private const int MountLooks = 20;
    private const int MountMilliseconds = 250;

    /// <summary>Creates the board.</summary>
    public Stm32F769Board()
        : base(Root)
    {
    }

    /// <inheritdoc/>
    public override string Name => "STM32F769I-DISCO";

    /// <inheritdoc/>
    public override bool HasWoken => Power.WakeupReason == Power.WakeupReasonType.FromStandby;

    /// <inheritdoc/>
    public override LinkSettings DefaultLink => new LinkSettings { Port = "COM6" };

    /// <inheritdoc/>
    public override int ReadConfiguration(byte[] buffer)
    {
        // The firmware mounts the card a while after the start.
        int length = base.ReadConfiguration(buffer);
        for (int i = 0; i < MountLooks && length < 0; i++)
        {
            Thread.Sleep(MountMilliseconds);
            length = base.ReadConfiguration(buffer);
        }
        return length;
    }

    /// <inheritdoc/>
    public override NetworkPort OpenNetwork(DeviceConfiguration configuration)
    {
        return new EthernetNetwork(configuration.UsesTls);
    }

    /// <inheritdoc/>
    public override void SleepDeeply(int milliseconds)
    {
        // The alarm goes in seconds; up to one more does no harm.
        RTC.SetAlarm(DateTime.UtcNow.AddSeconds((milliseconds + 999) / 1_000));
        Power.EnterStandbyMode();
    }
}
