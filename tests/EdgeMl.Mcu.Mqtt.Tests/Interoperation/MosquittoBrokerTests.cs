using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeMl.Mcu.Mqtt.Client;
using EdgeMl.Mcu.Mqtt.Tests.Support;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Testing.Brokers;

namespace EdgeMl.Mcu.Mqtt.Tests.Interoperation;

/// <summary>This client with mosquitto's broker.</summary>
public class MosquittoBrokerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_of_both_qualities_and_retained_ones_pass_through_mosquitto()
    {
        using var mosquitto = new MosquittoServer();
        await mosquitto.StartAsync();
        Mailbox<MqttMessage> live = new(), late = new();
        await using IMqttClient publisher = await Implementation.ConnectAsync(Implementation.OptionsFor(mosquitto.EndPoint)), subscriber = await Implementation.ConnectAsync(Implementation.OptionsFor(mosquitto.EndPoint, live));
        await subscriber.SubscribeAsync("a/+", QualityOfService.AtLeastOnce, Cancellation);
        for (int i = 0; i < 200; i++)
            await publisher.PublishAsync(new MqttMessage("a/b", BitConverter.GetBytes(i), (QualityOfService)(i % 2), retain: i == 199), Cancellation);
        // Mosquitto keeps the order within each quality of service, as MQTT asks for.
        var numbers = new List<int>();
        while (numbers.Count < 200)
            numbers.Add(BitConverter.ToInt32((await live.NextAsync()).Payload.Span));
        Assert.Equal(Enumerable.Range(0, 200).OrderBy(i => i % 2), numbers.OrderBy(i => i % 2));

        await using IMqttClient latecomer = await Implementation.ConnectAsync(Implementation.OptionsFor(mosquitto.EndPoint, late));
        await latecomer.SubscribeAsync("#", QualityOfService.AtLeastOnce, Cancellation);
        MqttMessage retained = await late.NextAsync();
        Assert.Equal((true, 199), (retained.Retain, BitConverter.ToInt32(retained.Payload.Span)));
        await latecomer.UnsubscribeAsync("#", Cancellation);
    }

    [Fact]
    public async Task After_mosquitto_was_killed_the_client_comes_back_and_nothing_of_QoS_1_is_lost()
    {
        using var mosquitto = new MosquittoServer();
        await mosquitto.StartAsync();
        var received = new Mailbox<MqttMessage>();
        await using IMqttClient client = await Implementation.ConnectAsync(Implementation.OptionsFor(mosquitto.EndPoint, received));
        await client.SubscribeAsync("a/#", QualityOfService.AtLeastOnce, Cancellation);
        for (int round = 0; round < 3; round++)
        {
            mosquitto.Kill();
            Task[] published = [.. Enumerable.Range(0, 10).Select(i => client.PublishAsync(new MqttMessage($"a/{round}/{i}", default, QualityOfService.AtLeastOnce), Cancellation))];
            await mosquitto.StartAsync();
            await Task.WhenAll(published).WaitAsync(Patience.Limit, Cancellation);
        }
        var topics = new HashSet<string>();
        while (topics.Count < 30)
            topics.Add((await received.NextAsync()).Topic);
    }

    [Fact]
    public async Task Mosquitto_publishes_the_will_of_a_client_that_vanishes_and_not_of_one_that_disconnects()
    {
        using var mosquitto = new MosquittoServer();
        await mosquitto.StartAsync();
        var received = new Mailbox<MqttMessage>();
        await using IMqttClient watcher = await Implementation.ConnectAsync(Implementation.OptionsFor(mosquitto.EndPoint, received));
        await watcher.SubscribeAsync("#", QualityOfService.AtLeastOnce, Cancellation);
        MqttClientOptions polite = Implementation.OptionsFor(mosquitto.EndPoint) with { Will = new MqttMessage("polite", default) };
        await (await Implementation.ConnectAsync(polite)).DisposeAsync();

        // Two clients of one name throw each other out, which is no polite end.
        MqttClientOptions twin = Implementation.OptionsFor(mosquitto.EndPoint) with { ClientId = "twin", Will = new MqttMessage("thrown-out", default) };
        IMqttClient first = await Implementation.ConnectAsync(twin), second = await Implementation.ConnectAsync(twin);
        Assert.Equal("thrown-out", (await received.NextAsync()).Topic);
        await first.DisposeAsync();
        await second.DisposeAsync();
    }

    [Fact]
    public async Task Mosquitto_keeps_a_session_for_us()
    {
        using var mosquitto = new MosquittoServer();
        await mosquitto.StartAsync();
        var received = new Mailbox<MqttMessage>();
        MqttClientOptions kept = Implementation.OptionsFor(mosquitto.EndPoint, received) with { ClientId = "keeper", CleanSession = false };
        await using (IMqttClient client = await Implementation.ConnectAsync(kept))
            await client.SubscribeAsync("a", QualityOfService.AtLeastOnce, Cancellation);
        await using (IMqttClient publisher = await Implementation.ConnectAsync(Implementation.OptionsFor(mosquitto.EndPoint)))
            await publisher.PublishAsync(new MqttMessage("a", "meanwhile"u8.ToArray(), QualityOfService.AtLeastOnce), Cancellation);
        await using IMqttClient again = await Implementation.ConnectAsync(kept);
        Assert.Equal("meanwhile"u8.ToArray(), (await received.NextAsync()).Payload.ToArray());
    }

    [Fact]
    public async Task Mosquitto_refuses_a_wrong_password_and_takes_the_right_one_over_TLS()
    {
        using var mosquitto = new MosquittoServer(new BrokerUser("me", "right"));
        X509Certificate2 certificate = TestCertificate.Value;
        mosquitto.Configuration = $"""
            certfile {mosquitto.Folder.Write("certificate.pem", certificate.ExportCertificatePem())}
            keyfile {mosquitto.Folder.Write("key.pem", TestCertificate.PrivateKeyPem)}
            """;
        await mosquitto.StartAsync();
        var tls = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString(HashAlgorithmName.SHA256) == certificate.GetCertHashString(HashAlgorithmName.SHA256),
        };

        var received = new Mailbox<MqttMessage>();
        MqttClientOptions options = Implementation.OptionsFor(mosquitto.EndPoint, received) with { Tls = tls, UserName = "me" };
        await using (IMqttClient client = await Implementation.ConnectAsync(options with { Password = "right" }))
        {
            await client.SubscribeAsync("a", QualityOfService.AtLeastOnce, Cancellation);
            await client.PublishAsync(new MqttMessage("a", default, QualityOfService.AtLeastOnce), Cancellation);
            Assert.Equal("a", (await received.NextAsync()).Topic);
        }
        await using IMqttClient wrong = Implementation.Client(options with { Password = "wrong" });
        var exception = await Assert.ThrowsAsync<MqttException>(() => wrong.ConnectAsync(Cancellation));
        Assert.Equal(MqttErrorCodes.ConnectRefused, exception.Code);
    }
}
