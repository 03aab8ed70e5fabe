using System;
using System.IO;

namespace nanoFramework.System.IO;

public class RemovableDriveEventArgs : EventArgs
{
    public enum RemovableDeviceEvent
    {
        Inserted = 0,
        Removed = 1,
    }

    internal RemovableDriveEventArgs() => throw null;
    public DriveInfo Drive => throw null;
    public RemovableDeviceEvent Event => throw null;
}
