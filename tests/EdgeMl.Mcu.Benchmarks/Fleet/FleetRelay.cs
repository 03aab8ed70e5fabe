using System.Diagnostics;
using System.Globalization;
using System.Net;
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
