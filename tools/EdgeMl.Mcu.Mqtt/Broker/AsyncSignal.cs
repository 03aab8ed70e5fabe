using System.Threading.Tasks.Sources;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>Wakes one waiting task; signals that come while it runs are one. Neither signals nor waiting allocate.</summary>
internal sealed class AsyncSignal : IValueTaskSource<bool>, IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private ManualResetValueTaskSourceCore<bool> _source;
    private bool _isSet, _isComplete, _isWaiting, _result;

    public void Set()
    {
        lock (_lock)
        {
            if (_isWaiting)
                Wake(true);
            else
                _isSet = true;
        }
    }

    /// <summary>From now on <see cref="WaitAsync"/> gives false, after a signal that was not waited for yet.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isComplete = true;
            if (_isWaiting)
                Wake(false);
        }
    }

    /// <summary>Waits for a signal. One task at a time waits, and awaits what it gets once.</summary>
    public ValueTask<bool> WaitAsync()
    {
        lock (_lock)
        {
            if (_isSet || _isComplete)
            {
                bool isSet = _isSet;
                _isSet = false;
                return new ValueTask<bool>(isSet);
            }
            _source.Reset();
            _isWaiting = true;
            return new ValueTask<bool>(this, _source.Version);
        }
    }

    // On a thread of its own: whoever signals may hold locks.
    void IThreadPoolWorkItem.Execute() => _source.SetResult(_result);

    bool IValueTaskSource<bool>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    // Until the waiting task runs and waits again, nothing else touches the source and the result.
    private void Wake(bool result)
    {
        _isWaiting = false;
        _result = result;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
