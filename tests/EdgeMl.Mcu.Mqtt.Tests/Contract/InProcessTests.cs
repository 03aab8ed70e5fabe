using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Mqtt.Tests.Support;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Mqtt.Tests.Contract;

/// <summary>Publishing and receiving in the broker's own process, without a connection.</summary>
public class InProcessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_host_publishes_to_clients_and_receives_from_them()
    {
        Mailbox<MqttMessage> atClient = new(), atHost = new();
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        await using IMqttClient client = await Implementation.ConnectAsync(broker, atClient);
        await client.SubscribeAsync("down/+", QualityOfService.AtLeastOnce, Cancellation);
        await using IAsyncDisposable subscription = await broker.SubscribeAsync(["up/#"], To(atHost), Cancellation);

        await broker.PublishAsync(new MqttMessage("down/1", "desired"u8.ToArray(), QualityOfService.AtLeastOnce), Cancellation);
        await client.PublishAsync(new MqttMessage("up/1/status", "done"u8.ToArray(), QualityOfService.AtLeastOnce), Cancellation);

        MqttMessage down = await atClient.NextAsync(), up = await atHost.NextAsync();
        Assert.Equal(("down/1", QualityOfService.AtLeastOnce, "desired"), (down.Topic, down.Quality, Text(down)));
        Assert.Equal(("up/1/status", QualityOfService.AtLeastOnce, "done"), (up.Topic, up.Quality, Text(up)));
        Assert.Equal(1, broker.Statistics.Connections);
    }

    [Fact]
    public async Task No_rule_of_access_applies_to_the_host()
    {
        Mailbox<MqttMessage> atClient = new(), atHost = new();
        var access = new TestAccess { Publish = (_, topic) => topic == "allowed" };
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(access);
        await using IMqttClient client = await Implementation.ConnectAsync(broker, atClient);
        await client.SubscribeAsync("#", QualityOfService.AtLeastOnce, Cancellation);
        await using IAsyncDisposable subscription = await broker.SubscribeAsync(["#"], To(atHost), Cancellation);

        await client.PublishAsync(new MqttMessage("forbidden", default, QualityOfService.AtLeastOnce), Cancellation);
        await broker.PublishAsync(new MqttMessage("forbidden", "host"u8.ToArray(), QualityOfService.AtLeastOnce), Cancellation);
        await client.PublishAsync(new MqttMessage("allowed", default, QualityOfService.AtLeastOnce), Cancellation);

        foreach (Mailbox<MqttMessage> mailbox in (Mailbox<MqttMessage>[])[atClient, atHost])
        {
            Assert.Equal("host", Text(await mailbox.NextAsync()));
            Assert.Equal("allowed", (await mailbox.NextAsync()).Topic);
        }
    }

    [Fact]
    public async Task Retained_messages_of_the_host_reach_later_clients_and_those_of_clients_the_host()
    {
        Mailbox<MqttMessage> atClient = new(), atHost = new();
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        await using IMqttClient client = await Implementation.ConnectAsync(broker, atClient);
        await broker.PublishAsync(new MqttMessage("kept/host", "h"u8.ToArray(), QualityOfService.AtLeastOnce, retain: true), Cancellation);
        await client.PublishAsync(new MqttMessage("kept/client", "c"u8.ToArray(), QualityOfService.AtLeastOnce, retain: true), Cancellation);

        await client.SubscribeAsync("kept/host", QualityOfService.AtLeastOnce, Cancellation);
        await using IAsyncDisposable subscription = await broker.SubscribeAsync(["kept/client", "kept/+"], To(atHost), Cancellation);

        MqttMessage fromHost = await atClient.NextAsync();
        Assert.Equal(("h", true), (Text(fromHost), fromHost.Retain));
        MqttMessage[] kept = [await atHost.NextAsync(), await atHost.NextAsync()];
        Assert.Equal(["c", "h"], kept.Select(Text).Order());
        Assert.All(kept, message => Assert.True(message.Retain));
        await broker.PublishAsync(new MqttMessage("kept/client", "live"u8.ToArray(), retain: true), Cancellation);
        MqttMessage live = await atHost.NextAsync();
        Assert.Equal(("live", false), (Text(live), live.Retain));
        Assert.Equal(0, atHost.Count);
    }

    [Fact]
    public async Task A_slow_handler_holds_publishers_up_and_loses_nothing()
    {
        const int publishers = 4, each = 100;
        using var open = new SemaphoreSlim(0);
        var received = new Mailbox<MqttMessage>();
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(limits: new BrokerLimits { InProcessQueueLengthMax = 10 });
        await using IAsyncDisposable subscription = await broker.SubscribeAsync(["p/#"], async (message, cancellation) =>
        {
            await open.WaitAsync(cancellation);
            received.Add(message);
        }, Cancellation);

        Task<int>[] publishing = [.. Enumerable.Range(0, publishers).Select(p => Task.Run(async () =>
        {
            await using IMqttClient client = await Implementation.ConnectAsync(broker);
            for (int i = 0; i < each; i++)
                await client.PublishAsync(new MqttMessage($"p/{p}", BitConverter.GetBytes(i), QualityOfService.AtLeastOnce), Cancellation);
            return p;
        }, Cancellation))];
        await Patience.UntilAsync(() => broker.Statistics.MessagesReceived >= 11, "the queue is full");
        // Each connection may add the one message that finds the queue full.
        await using IMqttClient other = await Implementation.ConnectAsync(broker);
        await other.PublishAsync(new MqttMessage("elsewhere", default, QualityOfService.AtLeastOnce), Cancellation);
        Assert.InRange(broker.Statistics.MessagesReceived, 11, 11 + publishers + 2);
        Assert.DoesNotContain(publishing, task => task.IsCompleted);

        open.Release(publishers * each);
        await Task.WhenAll(publishing).WaitAsync(Patience.Limit, Cancellation);
        var next = new int[publishers];
        for (int i = 0; i < publishers * each; i++)
        {
            MqttMessage message = await received.NextAsync();
            Assert.Equal(next[message.Topic[^1] - '0']++, BitConverter.ToInt32(message.Payload.Span));
        }
        Assert.Equal(0, broker.Statistics.MessagesDropped);
    }

    [Fact]
    public async Task A_handler_may_publish_to_itself_however_full_its_queue_is()
    {
        const int count = 100;
        var received = new Mailbox<MqttMessage>();
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(limits: new BrokerLimits { InProcessQueueLengthMax = 1 });
        await using IAsyncDisposable subscription = await broker.SubscribeAsync(["a/#"], async (message, cancellation) =>
        {
            received.Add(message);
            for (int i = 0; message.Topic == "a/first" && i < count; i++)
                await broker.PublishAsync(new MqttMessage($"a/{i}", default), cancellation);
        }, Cancellation);
        await broker.PublishAsync(new MqttMessage("a/first", default), Cancellation);
        for (int i = -1; i < count; i++)
            Assert.Equal(i < 0 ? "a/first" : $"a/{i}", (await received.NextAsync()).Topic);
    }

    [Fact]
    public async Task A_message_whose_handler_fails_is_handed_over_again_if_it_may_not_be_lost()
    {
        var received = new Mailbox<string>();
        var events = new Mailbox<BrokerEvent>();
        int failuresLeft = 3;
        await using IMqttBroker broker = Implementation.Broker(new BrokerOptions
        {
            Listeners = [new BrokerListener(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0))],
            Access = new TestAccess(),
            Observer = events.Add,
        });
        await broker.StartAsync(Cancellation);
        await using IAsyncDisposable subscription = await broker.SubscribeAsync(["#"], (message, _) =>
        {
            if (Interlocked.Decrement(ref failuresLeft) >= 0)
                throw new IOException("disk full");
            received.Add(message.Topic);
            return ValueTask.CompletedTask;
        }, Cancellation);
        await broker.PublishAsync(new MqttMessage("dropped", default), Cancellation);
        await broker.PublishAsync(new MqttMessage("again", default, QualityOfService.AtLeastOnce), Cancellation);
        await broker.PublishAsync(new MqttMessage("next", default), Cancellation);
        Assert.Equal("again", await received.NextAsync());
        Assert.Equal("next", await received.NextAsync());
        for (int i = 0; i < 3; i++)
            Assert.Equal(new BrokerEvent(BrokerEventKind.HandlerFailed, null, null, "disk full"), await events.NextAsync());
    }

    [Fact]
    public async Task A_subscription_that_was_disposed_gets_nothing_and_holds_nobody_up()
    {
        Mailbox<MqttMessage> ended = new(), lasting = new();
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(limits: new BrokerLimits { InProcessQueueLengthMax = 2 });
        await using IMqttClient client = await Implementation.ConnectAsync(broker);
        IAsyncDisposable subscription = await broker.SubscribeAsync(["a"], async (message, cancellation) =>
        {
            ended.Add(message);
            await Task.Delay(Timeout.Infinite, cancellation);
        }, Cancellation);
        await using IAsyncDisposable other = await broker.SubscribeAsync(["a"], To(lasting), Cancellation);
        Task[] published = [.. Enumerable.Range(0, 20).Select(_ => client.PublishAsync(new MqttMessage("a", default, QualityOfService.AtLeastOnce), Cancellation))];
        await ended.NextAsync();
        await subscription.DisposeAsync();
        await Task.WhenAll(published).WaitAsync(Patience.Limit, Cancellation);
        for (int i = 0; i < published.Length; i++)
            await lasting.NextAsync();
        Assert.Equal(0, ended.Count);
    }

    [Fact]
    public async Task Stopping_ends_a_handler_that_hangs_and_the_clients_that_it_holds_up()
    {
        IMqttBroker broker = await Implementation.StartBrokerAsync(limits: new BrokerLimits { InProcessQueueLengthMax = 1, StopTimeout = TimeSpan.FromMilliseconds(100) });
        await using IMqttClient client = await Implementation.ConnectAsync(broker);
        await broker.SubscribeAsync(["a"], (_, cancellation) => new ValueTask(Task.Delay(Timeout.Infinite, cancellation)), Cancellation);
        _ = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.PublishAsync(new MqttMessage("a", default, QualityOfService.AtLeastOnce), Cancellation)));
        await Patience.UntilAsync(() => broker.Statistics.MessagesReceived >= 2, "the queue is full");
        await broker.StopAsync(Cancellation).WaitAsync(Patience.Limit, Cancellation);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await broker.PublishAsync(new MqttMessage("a", default), Cancellation));
    }

    [Fact]
    public async Task What_is_no_filter_or_has_too_many_levels_is_an_argument_that_is_refused()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(limits: new BrokerLimits { TopicLevelsMax = 3 });
        foreach (string[] filters in (string[][])[[], ["a/#/b"], ["a", ""], ["a/b/c/d"]])
            await Assert.ThrowsAsync<ArgumentException>(async () => await broker.SubscribeAsync(filters, To(new Mailbox<MqttMessage>()), Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(async () => await broker.PublishAsync(new MqttMessage("a/b/c/d", default), Cancellation));
        await broker.PublishAsync(new MqttMessage("a/b/c", default), Cancellation);
    }

    [Fact]
    public async Task The_client_of_this_process_does_what_one_with_a_connection_does()
    {
        Mailbox<MqttMessage> inProcess = new(), connected = new();
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        await using var client = new InProcessClient(broker, To(inProcess));
        await using IMqttClient other = await Implementation.ConnectAsync(broker, connected);
        var exception = await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync(new MqttMessage("a", default), Cancellation));
        Assert.Equal(MqttErrorCodes.NotConnected, exception.Code);

        await client.ConnectAsync(Cancellation);
        Assert.True(client.IsConnected);
        foreach (IMqttClient either in (IMqttClient[])[client, other])
            await either.SubscribeAsync("a/+", QualityOfService.AtLeastOnce, Cancellation);
        await client.SubscribeAsync("a/+", QualityOfService.AtLeastOnce, Cancellation);
        await client.SubscribeAsync("b", QualityOfService.AtMostOnce, Cancellation);
        await client.PublishAsync(new MqttMessage("a/1", default, QualityOfService.AtLeastOnce), Cancellation);
        await other.PublishAsync(new MqttMessage("a/2", default, QualityOfService.AtLeastOnce), Cancellation);
        foreach (Mailbox<MqttMessage> mailbox in (Mailbox<MqttMessage>[])[inProcess, connected])
            Assert.Equal(["a/1", "a/2"], [(await mailbox.NextAsync()).Topic, (await mailbox.NextAsync()).Topic]);

        await client.UnsubscribeAsync("a/+", Cancellation);
        await client.PublishAsync(new MqttMessage("a/3", default), Cancellation);
        await client.PublishAsync(new MqttMessage("b", default), Cancellation);
        Assert.Equal("b", (await inProcess.NextAsync()).Topic);
        await client.DisconnectAsync(Cancellation);
        Assert.False(client.IsConnected);
        Assert.Equal(0, inProcess.Count);
    }

    private static Func<MqttMessage, CancellationToken, ValueTask> To(Mailbox<MqttMessage> mailbox) => (message, _) =>
    {
        mailbox.Add(message);
        return ValueTask.CompletedTask;
    };

    private static string Text(MqttMessage message) => System.Text.Encoding.UTF8.GetString(message.Payload.Span);
}
