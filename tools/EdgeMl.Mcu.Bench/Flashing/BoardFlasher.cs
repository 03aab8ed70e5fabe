using EdgeMl.Mcu.Bench.WireProtocol;

namespace EdgeMl.Mcu.Bench.Flashing;

/// <summary>Puts an application and a model on a board over its serial port, and looks whether the board runs them.</summary>
public sealed class BoardFlasher
{
    /// <summary>Where the device application looks for its model.</summary>
    public const string ModelPath = @"I:\model.emlm";

    private const int QuotedLines = 4;
    private const int ClrMajor = 1;

    private static readonly string[] TellingWords = ["Error", "ERROR", "needs", "Invalid", "Link failure", "Unable", "Cannot", "xception"];

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

    /// <summary>Rate of the port, or null to find it.</summary>
    public int? BaudRate { get; init; }

    /// <summary>Another way to give the board its model, for firmware without files; null for none.</summary>
    public IModelLink? ModelLink { get; init; }

    /// <summary>Does the work.</summary>
    /// <param name="application">The assemblies, or none to leave the application as it is.</param>
    /// <param name="model">Content of a model file, or null for none.</param>
    /// <param name="progress">Told the step and how much of it is done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between two operations; the board may then have no application.</param>
    /// <exception cref="BenchException">Any of <see cref="BenchErrorCodes"/>.</exception>
    public FlashReport Run(IReadOnlyList<NanoAssemblyFile> application, byte[]? model, Action<string, double>? progress, CancellationToken cancellationToken)
    {
        using WireConnection connection = WireConnection.Open(_port, BaudRate, cancellationToken);
        var client = new WireClient(connection);
        WireBoard board = client.Identify(cancellationToken: cancellationToken);
        Require(board);
        IReadOnlyList<FlashRange> flash = client.FlashSectorMap();
        if (application.Count > 0)
            ApplicationCheck.Check(application, NativesOf(client));
        Deployment deployment = Deployment.Plan(application, flash);
        int changed = application.Count > 0 ? deployment.Compare(client, cancellationToken) : 0;
        var restart = new BoardRestart(connection, client);
        DeploymentResult? result = null;
        bool modelOverLink = false;
        try
        {
            if (changed > 0 || model is not null)
                restart.Hold(cancellationToken);
            if (application.Count > 0)
                result = deployment.Run(client, (done, total) => progress?.Invoke("application", (double)done / total), cancellationToken);
            if (model is not null)
                modelOverLink = !TryWriteModel(client, model, progress);
        }
        catch (Exception e)
        {
            if (e is not BenchException { Code: BenchErrorCodes.NoAnswer or BenchErrorCodes.PortDisconnected })
                restart.TryStart();
            throw;
        }
        (ClrStates states, string output) = restart.Start(cancellationToken);
        IReadOnlyList<BoardAssembly> loaded = client.Assemblies();
        RequireLoaded(application, loaded, output);
        if (modelOverLink)
            ModelLink!.Put(model!, part => progress?.Invoke("model", part), cancellationToken);
        return new FlashReport(_port, board, loaded, RegionsOf(deployment, flash, model), model is null ? null : new FlashedFile(modelOverLink ? ModelLink!.Name : ModelPath, model.Length))
        {
            Deployment = result,
            IsRunning = states.HasFlag(ClrStates.ProgramRunning),
            Hello = ModelLink?.Identify(cancellationToken),
        };
    }

    private void Require(WireBoard board)
    {
        if (!board.RunsClr)
            throw new BenchException(BenchErrorCodes.Firmware, $"On the board on {_port} its loader (nanoBooter {board.BooterVersion}) answers, not nanoCLR.", "Press reset. If it stays in the loader, its firmware is missing or broken: 'edgeml flash --clr'.");
        if (board.ClrVersion.Major != ClrMajor)
            throw new BenchException(BenchErrorCodes.Firmware, $"The board on {_port} has nanoCLR {board.ClrVersion}, and applications are built for {ClrMajor}.x.", "'edgeml flash --clr' puts the current firmware of that line on it.");
        if (_target is not null && !IsSame(board.Name, _target))
            throw new BenchException(BenchErrorCodes.WrongBoard, $"The board on {_port} is a {board.Name} ({board.Platform}), not a {_target}.", "Give the board that is connected with --board, or another port: 'edgeml ports'.");
    }

    // Firmware older than the command is checked by the board alone, at its start.
    private static IReadOnlyList<NativeAssembly>? NativesOf(WireClient client)
    {
        try
        {
            return client.NativeAssemblies();
        }
        catch (BenchException e) when (e.Code == BenchErrorCodes.BoardRefused)
        {
            return null;
        }
    }

    /// <summary>Writes the model to the board's files.</summary>
    /// <returns>False where it has none and the link is to be used, which needs the application.</returns>
    private bool TryWriteModel(WireClient client, byte[] model, Action<string, double>? progress)
    {
        try
        {
            int done = 0;
            client.WriteFile(ModelPath, model, count => progress?.Invoke("model", (double)(done += count) / model.Length));
            return true;
        }
        catch (BenchException e) when (e.Code == BenchErrorCodes.NoFileSystem && ModelLink is not null)
        {
            return false;
        }
    }

    private void RequireLoaded(IReadOnlyList<NanoAssemblyFile> application, IReadOnlyList<BoardAssembly> loaded, string output)
    {
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] missing = [.. application.Where(file => !loaded.Any(assembly => assembly.Name == file.Name && assembly.Version == file.Version)).Select(file => $"{file.Name} {file.Version}")];
        bool failed = lines.Any(line => line.StartsWith("Error: ", StringComparison.Ordinal) || line.StartsWith("Link failure", StringComparison.Ordinal));
        if (missing.Length == 0 && (!failed || application.Count == 0))
            return;
        string what = missing.Length > 0 ? $"did not load {string.Join(", ", missing)}" : "did not start the application";
        string[] words = [.. lines.Where(IsTelling).TakeLast(QuotedLines)];
        throw new BenchException(BenchErrorCodes.NotLoaded, $"The board on {_port} {what}.{(words.Length == 0 ? "" : $" It says: {string.Join(" / ", words)}")}", "'edgeml monitor --restart' shows everything that it says at its start.");
    }

    private static bool IsTelling(string line) => TellingWords.Any(word => line.Contains(word, StringComparison.Ordinal));

    private static IReadOnlyList<FlashRegion> RegionsOf(Deployment deployment, IReadOnlyList<FlashRange> flash, byte[]? model)
    {
        long files = flash.Where(range => range.IsFileSystem).Sum(range => range.Bytes);
        FlashRegion application = new("deployment", deployment.UsedBytes, deployment.LimitBytes);
        return files > 0 && model is not null ? [application, new FlashRegion("file system", model.Length, files)] : [application];
    }

    // Firmware names its variants by more words behind: ESP32_S3_BLE is an ESP32_S3.
    private static bool IsSame(string found, string wanted) =>
        found.Equals(wanted, StringComparison.OrdinalIgnoreCase)
        || found.StartsWith(wanted + "_", StringComparison.OrdinalIgnoreCase) || wanted.StartsWith(found + "_", StringComparison.OrdinalIgnoreCase);
}
