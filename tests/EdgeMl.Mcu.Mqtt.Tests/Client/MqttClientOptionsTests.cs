using EdgeMl.Mcu.Mqtt.Client;

namespace EdgeMl.Mcu.Mqtt.Tests.Client;

public class MqttClientOptionsTests
{
    [Theory]
    [InlineData("mqtt://broker", "broker", 1883, false, null, null)]
    [InlineData("mqtt://127.0.0.1:2000/", "127.0.0.1", 2000, false, null, null)]
    [InlineData("mqtts://broker.example", "broker.example", 8883, true, null, null)]
    [InlineData("mqtts://me:p%40ss:word@broker:99", "broker", 99, true, "me", "p@ss:word")]
    [InlineData("mqtt://me@broker", "broker", 1883, false, "me", null)]
    public void An_address_names_host_port_TLS_user_and_password(string address, string host, int port, bool isTls, string? user, string? password)
    {
        MqttClientOptions options = MqttClientOptions.From(new Uri(address));
        Assert.Equal((host, port, isTls, user, password), (options.Host, options.Port, options.Tls is not null, options.UserName, options.Password));
    }

    [Theory]
    [InlineData("http://broker")]
    [InlineData("mqtt://broker/path")]
    public void Another_address_is_refused(string address) => Assert.Throws<ArgumentException>(() => MqttClientOptions.From(new Uri(address)));

    [Fact]
    public void The_text_of_options_shows_no_secrets() =>
        Assert.Equal("mqtts://broker:8883", MqttClientOptions.From(new Uri("mqtts://me:secret@broker")).ToString());

    public static TheoryData<MqttClientOptions> Contradictory =>
    [
        new MqttClientOptions { Host = "h", CleanSession = false },
        new MqttClientOptions { Host = "h", Password = "p" },
        new MqttClientOptions { Host = "h", Port = 0 },
        new MqttClientOptions { Host = "h", Port = 65_536 },
        new MqttClientOptions { Host = "h", InflightMax = 0 },
        new MqttClientOptions { Host = "h", InflightMax = 65_536 },
        new MqttClientOptions { Host = "h", KeepAlive = TimeSpan.FromSeconds(65_536) },
        new MqttClientOptions { Host = "h", KeepAlive = TimeSpan.FromMilliseconds(1_500) },
        new MqttClientOptions { Host = "h", ClientId = "a\0" },
        new MqttClientOptions { Host = "h", Will = new MqttMessage("a", new byte[65_536]) },
    ];

    [Theory]
    [MemberData(nameof(Contradictory), DisableDiscoveryEnumeration = true)]
    public void Options_out_of_range_are_refused(MqttClientOptions options) => Assert.ThrowsAny<ArgumentException>(() => new MqttClient(options));
}
