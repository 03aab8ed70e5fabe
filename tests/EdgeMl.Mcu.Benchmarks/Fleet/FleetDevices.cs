using System.Globalization;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Mqtt.Client;
using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Benchmarks.Fleet;

/// <summary>Virtual devices with the agent's own settings, which are enrolled at a relay.</summary>
internal static class FleetDevices
{
    private const int EnrolAtOnce = 64;

    /// <summary>Enrols devices, which are not switched on.</summary>
    public static async Task<VirtualDevice[]> EnrolAsync(RelayClient relay, int count)
    {
        var devices = new VirtualDevice[count];
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = EnrolAtOnce }, async (index, stop) =>
        {
            TokenInfo token = await relay.CreateTokenAsync(new TokenRequest { Device = "device-" + index.ToString("D5", CultureInfo.InvariantCulture) }, stop);
            devices[index] = Create(await relay.EnrollAsync(new EnrollRequest { Token = token.Token }, stop), index);
        });
        return devices;
    }

    private static VirtualDevice Create(Enrollment enrollment, int index)
    {
        byte[] key = Convert.FromHexString(enrollment.DeviceKey);
        var settings = new AgentSettings
        {
            Fleet = enrollment.Fleet,
            Device = enrollment.Device,
            DeviceKey = key,
            PublisherKey = Convert.FromHexString(enrollment.PublisherKey!),
            Board = "virtual",
            Firmware = "1",
        };
        var link = new MqttDeviceLink(MqttClientOptions.From(new Uri(enrollment.Broker)) with
        {
            ClientId = enrollment.Device,
            UserName = enrollment.Device,
            Password = DeviceKeys.Password(key),
            Will = new MqttMessage(new DeviceTopics(enrollment.Fleet, enrollment.Device).Offline, Array.Empty<byte>(), QualityOfService.AtLeastOnce),
        });
        return new VirtualDevice(settings, link, new VirtualDeviceOptions { Seed = index + 1 });
    }
}
