namespace System.Threading;

public struct CancellationToken
{
    private CancellationTokenSource _source;
    public CancellationToken(bool canceled) => throw null;
    public static CancellationToken None => throw null;
    public bool IsCancellationRequested => throw null;
    public bool CanBeCanceled => throw null;
    public WaitHandle WaitHandle => throw null;
    public CancellationTokenRegistration Register(Action callback) => throw null;
    public bool Equals(CancellationToken other) => throw null;
    public override bool Equals(object other) => throw null;
    public override int GetHashCode() => throw null;
    public void ThrowIfCancellationRequested() => throw null;
}
