using System.Diagnostics;
using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Ota.Keys;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Benchmarks.Fleet;

/// <summary>All devices of a fleet lose their connections at once and come back at once: how long until all are online and quiet, and after how many messages.</summary>
internal static class FleetStorm
{
    private const int Rounds = 3;

    public static void Print(string[] arguments) => PrintAsync(new FleetArguments(10_000, 0).With(arguments)).GetAwaiter().GetResult();

    private static async Task PrintAsync(FleetArguments arguments)
    {
        using var folder = new TemporaryFolder();
        PublisherKey key = PublisherKey.Create(new KeyPaths(folder.File("publisher"), folder.File("machine")), new DiskFiles());
        using FleetRelay relay = await FleetRelay.StartAsync();
        await relay.Client.SetPublisherKeyAsync(key.PublicKey);
        await using VirtualFleet fleet = await relay.StartDevicesAsync(arguments.Devices);
        Console.WriteLine($"{"reconnect",-9} {"seconds",8} {"hellos",7} {"statuses",8} {"stale",6} {"orders",6} {"acks",6} {"dropped",8} {"RSS MB",7} {"peak",6} {"heap",6} {"relay s",8}   (messages per device)");
        for (int round = 1; round <= Rounds; round++)
            await ReconnectAsync(relay, fleet, round);
    }

    private static async Task ReconnectAsync(FleetRelay relay, VirtualFleet fleet, int round)
    {
        int count = fleet.Devices.Count;
        RelayUsage before = await relay.UntilQuietAsync();
        long start = Stopwatch.GetTimestamp();
        foreach (VirtualDevice device in fleet.Devices)
        {
            device.Link.Disconnect();
            device.Link.Woken?.Invoke();
        }
        RelayUsage after = before;
        await FleetRelay.UntilAsync(async () =>
        {
            after = await relay.MeasureAsync();
            return after["hellos_total"] - before["hellos_total"] >= count && after["devices_online"] == count;
        });
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        after = await relay.UntilQuietAsync();
        double Each(string metric) => (double)(after[metric] - before[metric]) / count;
        Console.WriteLine(
            $"{round,-9} {seconds,8:F1} {Each("hellos_total"),7:F2} {Each("statuses_total"),8:F2} {Each("stale_total"),6:F2} {Each("desired_sent_total"),6:F2} {Each("acks_sent_total"),6:F2} "
            + $"{after["broker_messages_dropped_total"] - before["broker_messages_dropped_total"],8:N0} {after.ResidentBytes / 1e6,7:F0} {after.PeakBytes / 1e6,6:F0} {after.HeapBytes / 1e6,6:F0} "
            + $"{(after.Processor - before.Processor).TotalSeconds,8:F1}");
    }
}
