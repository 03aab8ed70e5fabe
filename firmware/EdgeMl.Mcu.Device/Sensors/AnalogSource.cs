namespace EdgeMl.Mcu.Device.Sensors;

/// <summary>Samples of an analogue input, from -1 at its lowest reading to 1 at its highest.</summary>
public sealed class AnalogSource : SampleSource
{
    private readonly AnalogInput _input;

    /// <summary>Creates a source.</summary>
    public AnalogSource(AnalogInput input)
    {
        _input = input;
    }

    /// <inheritdoc/>
    public override int Channels => 1;

    /// <inheritdoc/>
    public override bool Open()
    {
        return _input.Read() >= 0;
    }

    /// <inheritdoc/>
    public override bool Read(float[] values, int offset)
    {
        int reading = _input.Read();
        if (reading < 0)
            return false;
        values[offset] = (2 * (float)reading / _input.Max) - 1;
        return true;
    }
}
