namespace System.Device.Gpio;

public struct PinValuePair
{
    private readonly int _pinNumber;
    private readonly PinValue _pinValue;
    public PinValuePair(int pinNumber, PinValue pinValue) => throw null;
    public int PinNumber => throw null;
    public PinValue PinValue => throw null;
    public void Deconstruct(out int pinNumber, out PinValue pinValue) => throw null;
}
