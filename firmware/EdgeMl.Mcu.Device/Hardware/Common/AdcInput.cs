using System;
using System.Device.Adc;
using EdgeMl.Mcu.Device.Sensors;

namespace EdgeMl.Mcu.Device.Hardware.Common;

/// <summary>A channel of the board's analogue-to-digital converter.</summary>
public sealed class AdcInput : AnalogInput
{
    private readonly AdcChannel _channel;

    private AdcInput(AdcController controller, AdcChannel channel)
    {
        Max = controller.MaxValue;
        _channel = channel;
    }

    /// <inheritdoc/>
    public override int Max { get; }

    /// <summary>Opens a channel.</summary>
    /// <returns>Null where the board has no such channel.</returns>
    public static AdcInput Open(int channel)
    {
        try
        {
            var controller = new AdcController();
            return new AdcInput(controller, controller.OpenChannel(channel));
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public override int Read()
    {
        try
        {
            return _channel.ReadValue();
        }
        catch (Exception)
        {
            return -1;
        }
    }
}
