using System;

namespace nanoFramework.Runtime.Events;

public class CustomEventArgs : EventArgs
{
    internal CustomEventArgs() => throw null;
    public ushort Data1 => throw null;
    public uint Data2 => throw null;
}
