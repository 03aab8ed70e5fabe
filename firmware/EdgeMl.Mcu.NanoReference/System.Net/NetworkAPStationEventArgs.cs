namespace System.Net.NetworkInformation;

public class NetworkAPStationEventArgs : EventArgs
{
    internal NetworkAPStationEventArgs() => throw null;
    public bool IsConnected => throw null;
    public int StationIndex => throw null;
}
