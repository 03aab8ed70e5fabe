using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Bench.WireProtocol;

namespace EdgeMl.Mcu.Bench.Flashing;

/// <summary>Puts an application and a model on a board over its serial port, and looks whether the board runs them.</summary>
public sealed class BoardFlasher
{
    /// <summary>Where the device application looks for its model.</summary>
    public const string ModelPath = @"I:\model.emlm";

    private static readonly TimeSpan RestartTimeout = TimeSpan.FromSeconds(20);

    private readonly string _port;
    private readonly string? _target;

    /// <summary>Nothing is opened yet.</summary>
    /// <param name="port">Serial port.</param>
    /// <param name="target">The nanoFramework target that the board must be, such as <c>ESP32_S3</c>; null for any.</param>
    public BoardFlasher(string port, string? target)
    {
        _port = port;
        _target = target;
    }

    /// <summary>Does the work.</summary>
    /// <param name="application">The assemblies, or none to leave the application as it is.</param>
    /// <param name="model">Content of a model file, or null for none.</param>
    /// <param name="progress">Told the step and how much of it is done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between two operations.</param>
    /// <exception cref="BenchException">Any of <see cref="BenchErrorCodes"/>.</exception>
    public FlashReport Run(IReadOnlyList<NanoAssemblyFile> application, byte[]? model, Action<string, double>? progress, CancellationToken cancellationToken)
    {
        using var connection = new WireConnection(SerialPort.Open(_port));
        var client = new WireClient(connection);
        WireBoard board = client.Identify(cancellationToken: cancellationToken);
        if (_target is not null && !IsSame(board.Name, _target))
            throw new BenchException(BenchErrorCodes.WrongBoard, $"The board on {_port} is a {board.Name} ({board.Platform}), not a {_target}.", "Give the board that is connected with --board, or another port: 'edgeml ports'.");
        Deployment deployment = Deployment.Plan(application, client.FlashSectorMap());
        if (application.Count > 0)
            deployment.Run(client, (done, total) => progress?.Invoke("application", (double)done / total), cancellationToken);
        if (model is not null)
        {
            int done = 0;
            client.WriteFile(ModelPath, model, count => progress?.Invoke("model", (double)(done += count) / model.Length));
        }
        IReadOnlyList<BoardAssembly> loaded = Restart(connection, client, cancellationToken);
        string[] missing = [.. application.Where(file => !loaded.Any(assembly => assembly.Name == file.Name && assembly.Version == file.Version)).Select(file => $"{file.Name} {file.Version}")];
        if (missing.Length > 0)
            throw new BenchException(BenchErrorCodes.NotLoaded, $"The board did not load {string.Join(", ", missing)}.", "The assembly's native part is missing in this firmware or has another version: 'edgeml monitor' shows what the board says at start.");
        return new FlashReport(_port, board, loaded, [new FlashRegion("deployment", deployment.UsedBytes, deployment.LimitBytes)], model is null ? null : new FlashedFile(ModelPath, model.Length));
    }

    private IReadOnlyList<BoardAssembly> Restart(WireConnection connection, WireClient client, CancellationToken cancellationToken)
    {
        using var started = new ManualResetEventSlim();
        connection.Started += started.Set;
        client.RebootClr();
        if (!started.Wait(RestartTimeout, cancellationToken))
            throw new BenchException(BenchErrorCodes.NoAnswer, $"The board on {_port} did not start again within {RestartTimeout.TotalSeconds:0} s.", "Press reset; 'edgeml monitor' shows what it says.");
        client.Identify(cancellationToken: cancellationToken);
        return client.Assemblies();
    }

    // Firmware names its variants by more words behind: ESP32_S3_BLE is an ESP32_S3.
    private static bool IsSame(string found, string wanted) =>
        found.Equals(wanted, StringComparison.OrdinalIgnoreCase)
        || found.StartsWith(wanted + "_", StringComparison.OrdinalIgnoreCase) || wanted.StartsWith(found + "_", StringComparison.OrdinalIgnoreCase);
}
