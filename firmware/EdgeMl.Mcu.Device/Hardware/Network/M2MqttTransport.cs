using System;
using System.Security.Cryptography.X509Certificates;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Device.Network;
using nanoFramework.M2Mqtt;
using nanoFramework.M2Mqtt.Messages;

namespace EdgeMl.Mcu.Device.Hardware.Network;

/// <summary>The client of nanoFramework.M2Mqtt, a new one for each connection.</summary>
/// <remarks>
/// Its limits, and what is done about them: looking up the host, connecting and closing block (this runs on the link's own thread); its queue of messages to send has no
/// limit (it gets one); it acknowledges before the handler runs and sends nothing again on a new connection (the protocol has acknowledgements of its own, and the agent
/// repeats); an exception in a handler ends the connection (none leaves it); it refuses an empty will (the will is one character).
/// </remarks>
public sealed class M2MqttTransport : MqttTransport
{
    private const int InflightMax = 8;
    private const ushort KeepAliveSeconds = 60;
    private const string Will = "0";

    private readonly DeviceConfiguration _configuration;
    private readonly string _password;
    private readonly string _willTopic;
    private MqttClient _client;

    /// <summary>Creates a transport without a connection.</summary>
    public M2MqttTransport(DeviceConfiguration configuration)
    {
        _configuration = configuration;
        _password = DeviceKeys.Password(configuration.DeviceKey);
        _willTopic = new DeviceTopics(configuration.Fleet, configuration.Device).Offline;
    }

    /// <inheritdoc/>
    public override bool Open()
    {
        Close();
        MqttClient client = null;
        try
        {
            bool isTls = _configuration.UsesTls;
            X509Certificate authority = isTls && _configuration.Certificate != null ? new X509Certificate(_configuration.Certificate) : null;
            client = new MqttClient(_configuration.BrokerHost, _configuration.BrokerPort, isTls, authority, null, isTls ? MqttSslProtocols.TLSv1_2 : MqttSslProtocols.None);
            client.Settings.InflightQueueSize = InflightMax;
            client.MqttMsgPublishReceived += OnReceived;
            client.ConnectionClosed += OnConnectionClosed;
            _client = client;
            MqttReasonCode code = client.Connect(
                _configuration.Device, _configuration.Device, _password, false, MqttQoSLevel.AtLeastOnce, true, _willTopic, Will, true, KeepAliveSeconds);
            if (code == MqttReasonCode.Success)
                return true;
            Console.WriteLine("broker: refused with " + ((int)code).ToString());
        }
        catch (Exception exception)
        {
            Console.WriteLine("broker: " + exception.Message);
        }
        _client = null;
        Release(client);
        return false;
    }

    /// <inheritdoc/>
    public override void Close()
    {
        MqttClient client = _client;
        _client = null;
        Release(client);
    }

    /// <inheritdoc/>
    public override bool Publish(string topic, byte[] payload, int quality)
    {
        try
        {
            MqttClient client = _client;
            if (client == null || !client.IsConnected)
                return false;
            client.Publish(topic, payload, null, null, (MqttQoSLevel)quality, false);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override bool Subscribe(string filter, int quality)
    {
        try
        {
            MqttClient client = _client;
            if (client == null || !client.IsConnected)
                return false;
            client.Subscribe(new[] { filter }, new[] { (MqttQoSLevel)quality });
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override bool Unsubscribe(string filter)
    {
        try
        {
            MqttClient client = _client;
            if (client == null || !client.IsConnected)
                return false;
            client.Unsubscribe(new[] { filter });
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private void OnReceived(object sender, MqttMsgPublishEventArgs message)
    {
        try
        {
            if (sender == _client)
                OnMessage(message.Topic, message.Message);
        }
        catch (Exception)
        {
            // The relay sends again what matters.
        }
    }

    private void OnConnectionClosed(object sender, EventArgs e)
    {
        if (sender == _client)
            OnClosed();
    }

    private void Release(MqttClient client)
    {
        if (client == null)
            return;
        client.MqttMsgPublishReceived -= OnReceived;
        client.ConnectionClosed -= OnConnectionClosed;
        try
        {
            if (client.IsConnected)
                client.Disconnect();
            client.Dispose();
        }
        catch (Exception)
        {
            // It was closed by the broker.
        }
    }
}
