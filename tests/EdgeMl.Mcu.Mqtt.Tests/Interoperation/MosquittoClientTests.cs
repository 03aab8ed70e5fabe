using System.Globalization;
using System.Text;
using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Mqtt.Tests.Support;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Mqtt.Tests.Interoperation;

/// <summary>mosquitto_pub and mosquitto_sub with this broker.</summary>
public class MosquittoClientTests
{
    private const string Package = "mosquitto-clients";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Mosquitto_pub_reaches_our_client_and_our_client_reaches_mosquitto_sub(int quality)
    {
        string publish = ExternalProgram.Need("mosquitto_pub", Package), subscribe = ExternalProgram.Need("mosquitto_sub", Package);
        var received = new Mailbox<MqttMessage>();
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        await using IMqttClient client = await Implementation.ConnectAsync(broker, received);
        await client.SubscribeAsync("to/us", QualityOfService.AtLeastOnce, Cancellation);

        using (ExternalProgram pub = ExternalProgram.Start(publish, [.. Address(broker), "-t", "to/us", "-q", Text(quality), "-m", "grüße"]))
            await pub.ExpectSuccessAsync();
        Assert.Equal("grüße", Encoding.UTF8.GetString((await received.NextAsync()).Payload.Span));

        using ExternalProgram sub = ExternalProgram.Start(subscribe, [.. Address(broker), "-t", "to/+", "-q", Text(quality), "-C", "3", "-F", "%t %q %r %p"]);
        await SubscribedAsync(broker, clients: 2);
        for (int i = 0; i < 3; i++)
            await client.PublishAsync(new MqttMessage("to/them", Encoding.UTF8.GetBytes(Text(i)), QualityOfService.AtLeastOnce), Cancellation);
        for (int i = 0; i < 3; i++)
            Assert.Equal($"to/them {Math.Min(quality, 1)} 0 {i}", await sub.ReadLineAsync());
        await sub.ExpectSuccessAsync();
    }

    [Fact]
    public async Task Mosquitto_gets_QoS_2_messages_from_mosquitto_and_retained_ones()
    {
        string publish = ExternalProgram.Need("mosquitto_pub", Package), subscribe = ExternalProgram.Need("mosquitto_sub", Package);
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        using (ExternalProgram pub = ExternalProgram.Start(publish, [.. Address(broker), "-t", "a/b", "-q", "2", "-r", "-m", "kept"]))
            await pub.ExpectSuccessAsync();

        using ExternalProgram sub = ExternalProgram.Start(subscribe, [.. Address(broker), "-t", "#", "-q", "2", "-C", "101", "-F", "%t %q %r %p"]);
        Assert.Equal("a/b 2 1 kept", await sub.ReadLineAsync());
        using (ExternalProgram pub = ExternalProgram.Start(publish, [.. Address(broker), "-t", "a/c", "-q", "2", "-l"]))
        {
            for (int i = 0; i < 100; i++)
                await pub.Input.WriteLineAsync(Text(i));
            pub.Input.Close();
            await pub.ExpectSuccessAsync();
        }
        for (int i = 0; i < 100; i++)
            Assert.Equal($"a/c 2 0 {i}", await sub.ReadLineAsync());
        await sub.ExpectSuccessAsync();
    }

    [Fact]
    public async Task Mosquitto_sub_that_is_killed_leaves_its_will_and_finds_its_session_again()
    {
        string publish = ExternalProgram.Need("mosquitto_pub", Package), subscribe = ExternalProgram.Need("mosquitto_sub", Package);
        var received = new Mailbox<MqttMessage>();
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        await using IMqttClient watcher = await Implementation.ConnectAsync(broker, received);
        await watcher.SubscribeAsync("wills", QualityOfService.AtLeastOnce, Cancellation);
        string[] session = [.. Address(broker, "keeper"), "-c", "-t", "a", "-q", "1"];

        using (ExternalProgram.Start(subscribe, [.. session, "--will-topic", "wills", "--will-payload", "gone"]))
            await SubscribedAsync(broker, clients: 2);
        Assert.Equal("gone", Encoding.UTF8.GetString((await received.NextAsync()).Payload.Span));

        using (ExternalProgram pub = ExternalProgram.Start(publish, [.. Address(broker), "-t", "a", "-q", "1", "-m", "meanwhile"]))
            await pub.ExpectSuccessAsync();
        using ExternalProgram again = ExternalProgram.Start(subscribe, [.. session, "-C", "1"]);
        Assert.Equal("meanwhile", await again.ReadLineAsync());
    }

    [Fact]
    public async Task Mosquitto_is_refused_with_a_wrong_password_and_let_in_with_the_right_one()
    {
        string publish = ExternalProgram.Need("mosquitto_pub", Package);
        var access = new TestAccess
        {
            Authenticate = request => request.Client.UserName == "me" && request.Password is { } password && password.Span.SequenceEqual("right"u8)
                ? ConnectReturnCode.Accepted
                : ConnectReturnCode.BadUserNameOrPassword,
        };
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(access);
        using (ExternalProgram pub = ExternalProgram.Start(publish, [.. Address(broker), "-u", "me", "-P", "right", "-t", "a", "-m", "x"]))
            await pub.ExpectSuccessAsync();
        using ExternalProgram refused = ExternalProgram.Start(publish, [.. Address(broker), "-u", "me", "-P", "wrong", "-t", "a", "-m", "x"]);
        Assert.NotEqual(0, await refused.ExitAsync());
        Assert.Contains("bad user name or password", refused.Errors, StringComparison.OrdinalIgnoreCase);
    }

    // With an identifier, because MQTTnet's server demands one.
    private static string[] Address(IMqttBroker broker, string? clientId = null) =>
        ["-h", broker.EndPoints[0].Address.ToString(), "-p", Text(broker.EndPoints[0].Port), "-V", "mqttv311", "-i", clientId ?? Guid.NewGuid().ToString()];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // mosquitto_sub says nothing when it has subscribed; the broker's count of subscriptions does.
    private static Task SubscribedAsync(IMqttBroker broker, int clients) =>
        Patience.UntilAsync(() => broker.Statistics.Subscriptions == clients, "mosquitto_sub has subscribed");
}
