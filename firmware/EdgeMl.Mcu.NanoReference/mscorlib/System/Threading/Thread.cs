namespace System.Threading;

public sealed class Thread
{
    public Thread(ThreadStart start) => throw null;
    public ThreadPriority Priority { get => throw null; set => throw null; }
    public int ManagedThreadId => throw null;
    public bool IsAlive => throw null;
    public static Thread CurrentThread => throw null;
    public ThreadState ThreadState => throw null;
    public void Start() => throw null;
    public void Abort() => throw null;
    public void Suspend() => throw null;
    public void Resume() => throw null;
    public void Join() => throw null;
    public bool Join(int millisecondsTimeout) => throw null;
    public bool Join(TimeSpan timeout) => throw null;
    public static void Sleep(int millisecondsTimeout) => throw null;
    public static void Sleep(TimeSpan timeout) => throw null;
    public static void SpinWait(int iterations) => throw null;
}

public sealed class ThreadAbortException : SystemException
{
    internal ThreadAbortException() => throw null;
}

public enum ThreadPriority
{
    Lowest = 0,
    BelowNormal = 1,
    Normal = 2,
    AboveNormal = 3,
    Highest = 4,
}

public delegate void ThreadStart();

[Flags]
public enum ThreadState
{
    Running = 0x0,
    StopRequested = 0x1,
    SuspendRequested = 0x2,
    Background = 0x4,
    Unstarted = 0x8,
    Stopped = 0x10,
    WaitSleepJoin = 0x20,
    Suspended = 0x40,
    AbortRequested = 0x80,
    Aborted = 0x100,
}

public static class Timeout
{
    public const int Infinite = -1;
    public static readonly TimeSpan InfiniteTimeSpan;
}
