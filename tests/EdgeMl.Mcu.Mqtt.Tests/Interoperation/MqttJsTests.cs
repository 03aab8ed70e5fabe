using System.Globalization;
using System.Text;
using EdgeMl.Mcu.Mqtt.Tests.Support;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Mqtt.Tests.Interoperation;

/// <summary>The npm package mqtt with this broker. Needs node, and the package where node finds it (NODE_PATH).</summary>
public class MqttJsTests
{
    // Echoes what comes to ask/# with the same quality on answer/#, and says so for retained messages.
    private const string Echo = """
        const client = require('mqtt').connect(process.env.BROKER, { protocolVersion: 4, clientId: 'js', will: { topic: 'wills', payload: 'gone', qos: 1 } });
        client.on('error', error => { console.error(error.message); process.exit(1); });
        client.on('connect', () => client.subscribe('ask/#', { qos: 2 }, error => { if (error) throw error; console.log('subscribed'); }));
        client.on('message', (topic, payload, packet) =>
            client.publish(topic.replace('ask', 'answer'), payload, { qos: packet.qos, retain: packet.retain }, error => { if (error) throw error; console.log('answered ' + topic + ' ' + packet.qos); }));
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mqtt_js_gets_and_sends_messages_of_all_qualities_and_leaves_its_will()
    {
        string node = ExternalProgram.Need("node", "nodejs");
        await ExpectPackageAsync(node);
        using var folder = new TemporaryFolder();
        var received = new Mailbox<MqttMessage>();
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        await using IMqttClient client = await Implementation.ConnectAsync(broker, received);
        await client.SubscribeAsync("answer/#", QualityOfService.AtLeastOnce, Cancellation);
        await client.SubscribeAsync("wills", QualityOfService.AtLeastOnce, Cancellation);
        await client.PublishAsync(new MqttMessage("ask/retained", "0"u8.ToArray(), QualityOfService.AtLeastOnce, retain: true), Cancellation);
        var environment = new Dictionary<string, string> { ["BROKER"] = string.Create(CultureInfo.InvariantCulture, $"mqtt://127.0.0.1:{broker.EndPoints[0].Port}") };

        using (ExternalProgram script = ExternalProgram.Start(node, environment, folder.Write("echo.js", Echo)))
        {
            Assert.Equal("subscribed", await script.ReadLineAsync());
            await ExpectAnswerAsync(received, script, "retained", "0", 1);

            using RawConnection raw = await RawConnection.ConnectAsync(broker, "raw");
            for (int quality = 0; quality <= 2; quality++)
            {
                string text = quality.ToString(CultureInfo.InvariantCulture);
                await raw.PublishAsync($"ask/{text}", Encoding.UTF8.GetBytes(text), (QualityOfService)quality, id: (ushort)quality);
                await ExpectAnswerAsync(received, script, text, text, quality);
            }
        }
        Assert.Equal("wills", (await received.NextAsync()).Topic);
        Assert.Equal(2, broker.Statistics.Retained);
    }

    private static async Task ExpectAnswerAsync(Mailbox<MqttMessage> received, ExternalProgram script, string topic, string payload, int quality)
    {
        MqttMessage answer = await received.NextAsync();
        Assert.Equal(($"answer/{topic}", payload), (answer.Topic, Encoding.UTF8.GetString(answer.Payload.Span)));
        Assert.Equal($"answered ask/{topic} {quality}", await script.ReadLineAsync());
    }

    private static async Task ExpectPackageAsync(string node)
    {
        using ExternalProgram probe = ExternalProgram.Start(node, "-e", "try { require.resolve('mqtt'); console.log('found'); } catch { console.log('missing'); }");
        Assert.SkipUnless(await probe.ReadLineAsync() == "found", "node does not find the npm package mqtt (npm install mqtt; NODE_PATH)");
    }
}
