using System.Threading.Channels;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>Messages on their way to a handler in this process, one after another. Thread-safe.</summary>
/// <remarks>Adding never waits and never drops; whoever added to a full subscription waits for room before adding more.</remarks>
internal sealed class InProcessSubscription : IAsyncDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Channel<MqttMessage> _messages = Channel.CreateUnbounded<MqttMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<MqttMessage, CancellationToken, ValueTask> _handler;
    private readonly BrokerOptions _options;
    private readonly Action<InProcessSubscription> _onEnding;
    private readonly Task _handling;
    private TaskCompletionSource? _room;
    private int _count;
    private long _bytes;

    /// <summary>Starts to handle messages.</summary>
    /// <param name="filters">Valid topic filters.</param>
    /// <param name="handler">Gets the messages.</param>
    /// <param name="options">Limits and observer.</param>
    /// <param name="onEnding">Takes the subscription away from where messages come from.</param>
    public InProcessSubscription(
        IEnumerable<string> filters, Func<MqttMessage, CancellationToken, ValueTask> handler, BrokerOptions options, Action<InProcessSubscription> onEnding)
    {
        Filters = [.. filters.Distinct(StringComparer.Ordinal)];
        _handler = handler;
        _options = options;
        _onEnding = onEnding;
        // Apart from the caller's synchronization context, if it has one.
        _handling = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>What is subscribed to, each filter once.</summary>
    public IReadOnlyList<string> Filters { get; }

    /// <summary>Belongs to <see cref="InProcessSubscriptions"/>.</summary>
    public long LastMessageNumber { get; set; }

    private bool IsFull => _count > _options.Limits.InProcessQueueLengthMax || _bytes > _options.Limits.InProcessQueueBytesMax;

    /// <summary>Adds a message; false if more wait now than should. After the end it is dropped.</summary>
    public bool Add(MqttMessage message)
    {
        lock (_lock)
        {
            if (!_messages.Writer.TryWrite(message))
                return true;
            _count++;
            _bytes += BytesOf(message);
            return !IsFull;
        }
    }

    /// <summary>Waits until the subscription is no more than half full, or has ended.</summary>
    public Task WaitForRoomAsync()
    {
        lock (_lock)
        {
            if (!IsFull || _stop.IsCancellationRequested)
                return Task.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>Takes no more messages and waits until those that wait are handled, or for a time at most; then ends.</summary>
    public async Task FinishAsync(TimeSpan timeout)
    {
        _onEnding(this);
        _messages.Writer.TryComplete();
        await _handling.WaitAsync(timeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DisposeAsync();
    }

    /// <summary>Ends it: cancels a handler that runs and waits for it, and drops what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        _onEnding(this);
        _messages.Writer.TryComplete();
        await _stop.CancelAsync();
        LetGoOn(always: true);
        await _handling;
    }

    private async Task RunAsync()
    {
        await foreach (MqttMessage message in _messages.Reader.ReadAllAsync(CancellationToken.None))
        {
            while (!_stop.IsCancellationRequested && !await TryHandleAsync(message))
                await Task.Delay(RetryAfter, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (_lock)
            {
                _count--;
                _bytes -= BytesOf(message);
            }
            LetGoOn(always: false);
        }
    }

    // False if the message has to be handed over again.
    private async Task<bool> TryHandleAsync(MqttMessage message)
    {
        try
        {
            await _handler(message, _stop.Token);
            return true;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception exception)
        {
            _options.Observer?.Invoke(new BrokerEvent(BrokerEventKind.HandlerFailed, null, null, exception.Message));
            return message.Quality == QualityOfService.AtMostOnce;
        }
    }

    private void LetGoOn(bool always)
    {
        TaskCompletionSource? room = null;
        lock (_lock)
        {
            if (always || (_count <= _options.Limits.InProcessQueueLengthMax / 2 && _bytes <= _options.Limits.InProcessQueueBytesMax / 2))
                (room, _room) = (_room, null);
        }
        room?.SetResult();
    }

    private static int BytesOf(MqttMessage message) => message.Topic.Length + message.Payload.Length;
}
