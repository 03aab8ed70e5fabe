using System;

namespace nanoFramework.Runtime.Events;

public class GenericEvent : BaseEvent
{
    public byte Category;
    public uint Data;
    public DateTime Time;
}
