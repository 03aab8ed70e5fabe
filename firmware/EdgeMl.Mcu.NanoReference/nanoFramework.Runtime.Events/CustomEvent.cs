namespace nanoFramework.Runtime.Events;

public static class CustomEvent
{
    public static event CustomEventPostedEventHandler CustomEventPosted { add => throw null; remove => throw null; }
}
