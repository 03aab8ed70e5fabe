using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Mqtt.Tests.Broker;

public class AsyncSignalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signal_before_the_wait_counts_once()
    {
        var signal = new AsyncSignal();
        signal.Set();
        signal.Set();
        Assert.True(await signal.WaitAsync());
        Task<bool> second = signal.WaitAsync().AsTask();
        Assert.False(second.IsCompleted);
        signal.Set();
        Assert.True(await second.WaitAsync(Patience.Limit, Cancellation));
    }

    [Fact]
    public async Task Completing_ends_a_wait_and_all_later_ones_after_a_signal_that_came_before()
    {
        var signal = new AsyncSignal();
        Task<bool> waiting = signal.WaitAsync().AsTask();
        signal.Complete();
        Assert.False(await waiting.WaitAsync(Patience.Limit, Cancellation));
        signal.Set();
        Assert.True(await signal.WaitAsync());
        Assert.False(await signal.WaitAsync());
    }

    [Fact]
    public async Task No_signal_of_several_threads_is_lost()
    {
        const int threads = 3, each = 100_000;
        var signal = new AsyncSignal();
        int produced = 0;
        Task[] producing = [.. Enumerable.Range(0, threads).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < each; i++)
            {
                Interlocked.Increment(ref produced);
                signal.Set();
            }
        }, Cancellation))];
        // A consumer that sleeps with work left would sleep for ever.
        Task consuming = Task.Run(async () =>
        {
            while (Volatile.Read(ref produced) < threads * each)
                await signal.WaitAsync();
        }, Cancellation);
        await Task.WhenAll([consuming, .. producing]).WaitAsync(Patience.Limit, Cancellation);
    }
}
