using System.Collections.Concurrent;

namespace EdgeMl.Mcu.Mqtt.Client;

/// <summary>The requests on a connection that the broker has not answered. Thread-safe.</summary>
internal sealed class PendingAnswers
{
    private readonly ConcurrentDictionary<ushort, TaskCompletionSource<byte[]>> _pending = new();
    private volatile Exception? _failure;

    /// <summary>A task that ends with the answer to a request.</summary>
    public Task<byte[]> Expect(ushort id)
    {
        var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = answer;
        // Whichever of the two comes later fails the answer.
        if (_failure is { } failure)
            answer.TrySetException(failure);
        return answer.Task;
    }

    /// <summary>An answer came; one that nobody waits for is passed over.</summary>
    public void Complete(ushort id, byte[] returnCodes)
    {
        if (_pending.TryRemove(id, out TaskCompletionSource<byte[]>? answer))
            answer.TrySetResult(returnCodes);
    }

    public void Forget(ushort id) => _pending.TryRemove(id, out _);

    /// <summary>No answers come any more.</summary>
    public void FailAll(Exception failure)
    {
        _failure = failure;
        foreach (TaskCompletionSource<byte[]> answer in _pending.Values)
            answer.TrySetException(failure);
    }
}
