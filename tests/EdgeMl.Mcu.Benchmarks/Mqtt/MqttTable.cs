using System.Net;
using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Testing.Brokers;

namespace EdgeMl.Mcu.Benchmarks.Mqtt;

/// <summary>Messages a second of the embedded broker and of mosquitto, each in a process of its own, under the same load in turns.</summary>
internal static class MqttTable
{
    private const int Rounds = 3;

    // As many unacknowledged messages as the load has on its way at most, so that no window is the bottleneck.
    private static readonly string Configuration = $"set_tcp_nodelay true\nmax_inflight_messages {OwnBroker.InflightMax}";

    private static readonly MqttScenario[] Scenarios =
    [
        .. from bytes in (int[])[64, 1024]
           from scenario in (MqttScenario[])
           [
               new(QualityOfService.AtMostOnce, 1, 1, bytes), new(QualityOfService.AtMostOnce, 1, 50, bytes), new(QualityOfService.AtMostOnce, 20, 1, bytes),
               new(QualityOfService.AtLeastOnce, 1, 1, bytes), new(QualityOfService.AtLeastOnce, 1, 50, bytes),
           ]
           select scenario,
    ];

    public static void Print(string[] parts) => PrintAsync(parts).GetAwaiter().GetResult();

    private static async Task PrintAsync(string[] parts)
    {
        using MosquittoServer? mosquitto = ExternalProgram.Find("mosquitto") is null ? null : new MosquittoServer { Configuration = Configuration };
        if (mosquitto is not null)
            await mosquitto.StartAsync();
        else
            Console.WriteLine("mosquitto is not installed (Debian package mosquitto)");
        (ExternalProgram program, IPEndPoint own) = await OwnBroker.StartAsync();
        using (program)
        {
            Console.WriteLine($"Messages delivered a second; the best of {Rounds} rounds in turns.");
            Console.WriteLine($"{"broker throughput",-32} {"embedded",12} {"mosquitto",12} {"ratio",7}");
            foreach (MqttScenario scenario in Scenarios.Where(scenario => parts.Length == 0 || parts.Any(part => scenario.ToString().Contains(part, StringComparison.Ordinal))))
            {
                double ours = 0, theirs = 0;
                for (int round = 0; round < Rounds; round++)
                {
                    if (mosquitto is not null)
                        theirs = Math.Max(theirs, await MqttLoad.MeasureAsync(mosquitto.EndPoint, scenario));
                    ours = Math.Max(ours, await MqttLoad.MeasureAsync(own, scenario));
                }
                Console.WriteLine($"{scenario,-32} {ours,12:N0} {(theirs > 0 ? $"{theirs,12:N0} {ours / theirs,7:F2}" : "")}");
            }
        }
    }
}
