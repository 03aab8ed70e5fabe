using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>Wakes one waiting task; signals that come while it runs are one. Waiting allocates nothing.</summary>
internal sealed class AsyncSignal
{
    // Without a cancellation token, a channel with one reader waits with an object that it reuses.
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Set() => _channel.Writer.TryWrite(true);

    /// <summary>From now on <see cref="WaitAsync"/> gives false, after a signal that was not waited for yet.</summary>
    public void Complete() => _channel.Writer.TryComplete();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WaitAsync()
    {
        bool isSet = await _channel.Reader.WaitToReadAsync();
        _channel.Reader.TryRead(out _);
        return isSet;
    }
}
