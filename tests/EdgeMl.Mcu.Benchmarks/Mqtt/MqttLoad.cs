using System.Diagnostics;
using System.Net;

namespace EdgeMl.Mcu.Benchmarks.Mqtt;

/// <summary>Loads a broker for a while.</summary>
internal static class MqttLoad
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5), Duration = TimeSpan.FromSeconds(1.5);

    /// <summary>Messages that all subscribers together got in a second, without the warm-up.</summary>
    public static async Task<double> MeasureAsync(IPEndPoint broker, MqttScenario scenario)
    {
        var progress = new Progress(scenario.Subscribers);
        var subscribers = new List<LoadSubscriber>();
        for (int i = 0; i < scenario.Subscribers; i++)
            subscribers.Add(await LoadSubscriber.OpenAsync(broker, scenario, progress, i));
        Task receiving = Task.WhenAll(subscribers.Select(subscriber => Task.Run(subscriber.RunAsync)));
        using var stop = new CancellationTokenSource();
        var sending = new List<Task>();
        for (int i = 0; i < scenario.Publishers; i++)
        {
            LoadPublisher publisher = await LoadPublisher.OpenAsync(broker, scenario, progress, i);
            sending.Add(Task.Factory.StartNew(() => publisher.Run(stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        }

        await Task.Delay(WarmUp);
        (long before, long start) = (progress.Total, Stopwatch.GetTimestamp());
        await Task.WhenAny([Task.Delay(Duration), .. sending]);
        double rate = (progress.Total - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;

        await stop.CancelAsync();
        await Task.WhenAll(sending);
        subscribers.ForEach(subscriber => subscriber.Close());
        await receiving;
        return rate;
    }
}
