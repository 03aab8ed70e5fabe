namespace System.Device.Wifi;

public class WifiConnectionResult
{
    internal WifiConnectionResult() => throw null;
    public WifiConnectionStatus ConnectionStatus => throw null;
}
