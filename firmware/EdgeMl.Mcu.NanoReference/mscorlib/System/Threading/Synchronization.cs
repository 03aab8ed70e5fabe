namespace System.Threading;

public sealed class AutoResetEvent : WaitHandle
{
    public AutoResetEvent(bool initialState) => throw null;
    public bool Reset() => throw null;
    public bool Set() => throw null;
}

public static class Interlocked
{
    public static int Increment(ref int location) => throw null;
    public static int Decrement(ref int location) => throw null;
    public static int Exchange(ref int location1, int value) => throw null;
    public static int CompareExchange(ref int location1, int value, int comparand) => throw null;
}

public sealed class ManualResetEvent : WaitHandle
{
    public ManualResetEvent(bool initialState) => throw null;
    public bool Reset() => throw null;
    public bool Set() => throw null;
}

public static class Monitor
{
    public static void Enter(object obj) => throw null;
    public static void Exit(object obj) => throw null;
}

public struct SpinWait
{
    public void SpinOnce() => throw null;
    public static void SpinUntil(TimeSpan timeout) => throw null;
    public static void SpinUntil(int millisecondsTimeout) => throw null;
}

public abstract class WaitHandle : MarshalByRefObject
{
    public const int WaitTimeout = 258;

    protected WaitHandle() => throw null;
    public virtual bool WaitOne(int millisecondsTimeout, bool exitContext) => throw null;
    public virtual bool WaitOne() => throw null;
    public static bool WaitAll(WaitHandle[] waitHandles, int millisecondsTimeout, bool exitContext) => throw null;
    public static bool WaitAll(WaitHandle[] waitHandles) => throw null;
    public static int WaitAny(WaitHandle[] waitHandles, int millisecondsTimeout, bool exitContext) => throw null;
    public static int WaitAny(WaitHandle[] waitHandles) => throw null;
}
