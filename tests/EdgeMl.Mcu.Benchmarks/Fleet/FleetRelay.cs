using System.Diagnostics;
using System.Globalization;
using System.Net;
using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Relay;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Testing;
using Microsoft.Extensions.Logging;

namespace EdgeMl.Mcu.Benchmarks.Fleet;

/// <summary>A relay with the embedded broker in a process of its own, with the runtime's usual compilation, so that its memory and time can be told from the devices'.</summary>
internal sealed class FleetRelay : IDisposable
{
    /// <summary>What the benchmark's program is started with to be the relay.</summary>
    public const string Argument = "fleet-relay";

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50), QuietFor = TimeSpan.FromSeconds(1), GiveUpAfter = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder;
    private readonly ExternalProgram _program;
    private readonly Process _process;

    private FleetRelay(TemporaryFolder folder, ExternalProgram program, string[] started)
    {
        _folder = folder;
        _program = program;
        _process = Process.GetProcessById(int.Parse(started[0], CultureInfo.InvariantCulture));
        Client = new RelayClient(new Uri(started[1]), started[2]);
    }

    /// <summary>A client with a publisher's key.</summary>
    public RelayClient Client { get; }

    /// <summary>Starts the relay's process on a new data folder.</summary>
    public static async Task<FleetRelay> StartAsync()
    {
        var usual = new Dictionary<string, string> { ["DOTNET_TieredCompilation"] = "1", ["DOTNET_TieredPGO"] = "1" };
        var folder = new TemporaryFolder();
        ExternalProgram program = ExternalProgram.Start("dotnet", usual, typeof(FleetRelay).Assembly.Location, Argument, folder.File("relay"));
        string? line = await program.Output.ReadLineAsync();
        return line is not null ? new FleetRelay(folder, program, line.Split(' ')) : throw new InvalidOperationException($"The relay did not start: {program.Errors}");
    }

    /// <summary>Is the relay until standard input ends.</summary>
    public static void Run(string[] arguments) => RunAsync(arguments[0]).GetAwaiter().GetResult();

    /// <summary>What the relay has counted so far, and what it has taken of the machine.</summary>
    public async Task<RelayUsage> MeasureAsync()
    {
        await _program.Input.WriteLineAsync();
        await _program.Input.FlushAsync();
        long heap = long.Parse((await _program.Output.ReadLineAsync())!, CultureInfo.InvariantCulture);
        _process.Refresh();
        return new RelayUsage(RelayUsage.Parse(await Client.MetricsAsync()), _process.WorkingSet64, _process.PeakWorkingSet64, heap, _process.TotalProcessorTime);
    }

    /// <summary>Enrols devices, switches them on and waits until they have nothing to say any more. Prints what that took.</summary>
    public async Task<VirtualFleet> StartDevicesAsync(int count)
    {
        long start = Stopwatch.GetTimestamp();
        VirtualDevice[] devices = await FleetDevices.EnrolAsync(Client, count);
        TimeSpan enrolled = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        var fleet = new VirtualFleet();
        foreach (VirtualDevice device in devices)
            fleet.Add(device);
        await UntilAsync(async () => (await Client.InfoAsync()).Online == count);
        TimeSpan online = Stopwatch.GetElapsedTime(start);
        RelayUsage usage = await UntilQuietAsync();
        Console.WriteLine($"{count:N0} devices on {Environment.ProcessorCount} processors: enrolled in {enrolled.TotalSeconds:F1} s, online after {online.TotalSeconds:F1} s; "
            + $"relay and broker {usage.ResidentBytes / 1e6:F0} MB, at most {usage.PeakBytes / 1e6:F0} MB, {usage.Processor.TotalSeconds:F1} s on processors");
        Console.WriteLine();
        return fleet;
    }

    /// <summary>Waits until devices have nothing to say any more.</summary>
    public async Task<RelayUsage> UntilQuietAsync()
    {
        using var timer = new PeriodicTimer(QuietFor);
        RelayUsage before, now = await MeasureAsync();
        do
        {
            await timer.WaitForNextTickAsync();
            (before, now) = (now, await MeasureAsync());
        }
        while (Spoken(now) != Spoken(before) || now["uplinks_waiting"] + now["downlinks_waiting"] > 0);
        return now;

        static long Spoken(RelayUsage usage) => usage["hellos_total"] + usage["statuses_total"] + usage["stale_total"];
    }

    /// <summary>Waits until a condition holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(GiveUpAfter);
        using var timer = new PeriodicTimer(LookEvery);
        while (!await condition())
            await timer.WaitForNextTickAsync(limit.Token);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        _process.Dispose();
        _program.Dispose();
        if (_program.Errors.Trim() is { Length: > 0 } errors)
            Console.Error.WriteLine(errors);
        _folder.Dispose();
    }

    private static async Task RunAsync(string folder)
    {
        IPEndPoint free = new(IPAddress.Loopback, 0);
        await using RelayHost host = await RelayHost.StartAsync(new RelayOptions
        {
            DataFolder = folder,
            Fleet = "benchmark",
            HttpEndPoint = free,
            BrokerEndPoint = free,
            LogLevel = LogLevel.Warning,
        });
        Console.WriteLine($"{Environment.ProcessId} {host.Address} {host.FirstApiKey}");
        while (await Console.In.ReadLineAsync() is not null)
            Console.WriteLine(GC.GetTotalMemory(forceFullCollection: false).ToString(CultureInfo.InvariantCulture));
    }
}
