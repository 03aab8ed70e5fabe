namespace nanoFramework.Runtime.Events;

public class EventSink : NativeEventDispatcher
{
    internal EventSink() : base(null, 0) => throw null;
    public static void AddEventListener(EventCategory eventCategory, IEventListener eventListener) => throw null;
    public static void AddEventFilter(EventCategory eventCategory, IEventListener eventFilter) => throw null;
    public static void AddEventProcessor(EventCategory eventCategory, IEventProcessor eventProcessor) => throw null;
    public static void RemoveEventListener(EventCategory eventCategory, IEventListener eventListener) => throw null;
    public static void RemoveEventFilter(EventCategory eventCategory, IEventListener eventFilter) => throw null;
    public static void RemoveEventProcessor(EventCategory eventCategory, IEventProcessor eventProcessor) => throw null;
    public static void PostManagedEvent(byte category, byte subCategory, ushort data1, uint data2) => throw null;
}
