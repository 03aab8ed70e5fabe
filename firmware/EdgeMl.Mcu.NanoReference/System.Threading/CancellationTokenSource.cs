namespace System.Threading;

public class CancellationTokenSource : IDisposable
{
    public CancellationTokenSource(int millisecondsDelay) => throw null;
    public CancellationTokenSource(TimeSpan delay) => throw null;
    public CancellationTokenSource() => throw null;
    public bool IsCancellationRequested => throw null;
    public CancellationToken Token => throw null;
    public void Cancel() => throw null;
    public void Cancel(bool throwOnFirstException) => throw null;
    public void CancelAfter(TimeSpan delay) => throw null;
    public void CancelAfter(int millisecondsDelay) => throw null;
    public void Dispose() => throw null;
    protected virtual void Dispose(bool disposing) => throw null;
}
