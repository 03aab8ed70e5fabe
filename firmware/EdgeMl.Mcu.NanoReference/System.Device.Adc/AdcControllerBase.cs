namespace System.Device.Adc;

public abstract class AdcControllerBase
{
    protected AdcControllerBase() => throw null;
    public abstract int ChannelCount { get; }
    public abstract AdcChannelMode ChannelMode { get; set; }
    public abstract int MaxValue { get; }
    public abstract int MinValue { get; }
    public abstract int ResolutionInBits { get; }
    public abstract bool IsChannelModeSupported(AdcChannelMode channelMode);
    public abstract AdcChannel OpenChannel(int channelNumber);
}
