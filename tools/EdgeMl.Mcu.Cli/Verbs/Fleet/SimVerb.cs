using System.CommandLine;
using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Toolchain.Boards;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml sim</c></summary>
internal static class SimVerb
{
    private const int CutsEvery = 40;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var count = new Option<int>("--count", "-n") { Description = "Number of devices.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var board = new Option<string>("--board", "-b") { Description = "The board that they say they are.", HelpName = "NAME", DefaultValueFactory = _ => "ESP32" };
        var loss = new Option<double>("--loss") { Description = "Share of messages that get lost in each direction, 0 to 0.9.", HelpName = "P" };
        var cuts = new Option<bool>("--power-cuts") { Description = "Cut the power of each device at random moments of its work on flash." };
        var prefix = new Option<string>("--prefix") { Description = "Names begin with this.", HelpName = "TEXT", DefaultValueFactory = _ => "sim-" };
        var tag = new Option<string[]>("--tag") { Description = "A tag that the devices get. May be repeated.", HelpName = "TAG" };
        var sample = new Option<double>("--sample") { Description = "Seconds from one inference to the next, on random input; 0 for none.", HelpName = "SECONDS" };
        var duration = new Option<double>("--for") { Description = "Minutes until it ends; without it Ctrl-C ends it.", HelpName = "MINUTES" };
        var connection = new RelayConnection();
        var command = new VerbCommand("sim", "Run virtual devices: the device's own agent and runtime, on simulated flash, over real MQTT.",
            "edgeml sim --count 100",
            "edgeml sim --count 2000 --board ESP32-S3 --loss 0.2 --power-cuts --for 5 --json")
        {
            count, board, loss, cuts, prefix, tag, sample, duration,
        };
        connection.AddTo(command);
        command.SetAction(async (parse, _) =>
        {
            double lost = parse.GetValue(loss);
            int devices = parse.GetValue(count);
            if (lost is not (>= 0 and <= 0.9) || devices < 1)
                throw new UsageException("--loss takes 0 to 0.9, and --count 1 or more.", "See 'edgeml sim --help'.");
            var options = new SimulationOptions
            {
                Board = BoardCatalog.Find(parse.GetRequiredValue(board)),
                Prefix = parse.GetRequiredValue(prefix),
                Tags = parse.GetValue(tag) ?? [],
                SampleMilliseconds = (int)(1000 * parse.GetValue(sample)),
                Faults = new DeviceFaults { Loss = lost, OperationsPerPowerCut = parse.GetValue(cuts) ? CutsEvery : 0 },
            };
            using RelayClient relay = connection.Open(parse, terminal);
            await using SimulatedFleet fleet = await StartAsync(terminal, relay, devices, options);
            await RunAsync(terminal, fleet, TimeSpan.FromMinutes(parse.GetValue(duration)));
            Print(terminal, fleet, parse.GetValue(command.Json));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<SimulatedFleet> StartAsync(Terminal terminal, RelayClient relay, int count, SimulationOptions options)
    {
        using var progress = new ProgressLine(terminal, "enrolling", count);
        return await SimulatedFleet.StartAsync(relay, count, options, progress.Step, terminal.Cancellation);
    }

    // Ctrl-C is the normal end.
    private static async Task RunAsync(Terminal terminal, SimulatedFleet fleet, TimeSpan duration)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(terminal.Cancellation);
        if (duration > TimeSpan.Zero)
            end.CancelAfter(duration);
        terminal.Error.WriteLine($"{fleet.Devices.Count} devices run.{(duration > TimeSpan.Zero ? "" : " Ctrl-C ends them.")}");
        string last = "";
        while (!end.IsCancellationRequested)
        {
            string line = Line(fleet);
            if (terminal.ShowsProgress)
                terminal.Error.Write('\r' + line.PadRight(last.Length));
            else if (line != last)
                terminal.Error.WriteLine(line);
            last = line;
            await Task.Delay(Interval, end.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        if (terminal.ShowsProgress)
            terminal.Error.Write('\r' + new string(' ', last.Length) + '\r');
    }

    private static string Line(SimulatedFleet fleet)
    {
        IReadOnlyList<VirtualDevice> devices = fleet.Devices;
        return $"{devices.Count(device => device.Link.Connection != 0)} online; "
            + string.Join(", ", devices.GroupBy(device => device.State).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key.ToString().ToLowerInvariant()}"));
    }

    private static void Print(Terminal terminal, SimulatedFleet fleet, bool json)
    {
        SimulatedDevice[] devices =
        [
            .. fleet.Devices.Select(device => new SimulatedDevice(
                device.Id, device.RunningId is { } id ? Convert.ToHexStringLower(id) : null, device.State.ToString(), device.Starts, device.Files.Writes)),
        ];
        if (json)
        {
            JsonOutput.Write(terminal.Output, devices);
            return;
        }
        foreach (IGrouping<string?, SimulatedDevice> group in devices.GroupBy(device => device.Running))
            terminal.Output.WriteLine($"{group.Count(),6} devices run {(group.Key is null ? "no model" : $"manifest {group.Key[..16]}…")}, after {group.Sum(device => device.Starts):N0} starts");
    }
}

/// <summary>A device at the end of a simulation.</summary>
/// <param name="Id">Name.</param>
/// <param name="Running">Id of the manifest that it runs, or null.</param>
/// <param name="State">What it does.</param>
/// <param name="Starts">How often it started.</param>
/// <param name="FlashWrites">Writes to its flash since it was made.</param>
internal sealed record SimulatedDevice(string Id, string? Running, string State, int Starts, long FlashWrites);
