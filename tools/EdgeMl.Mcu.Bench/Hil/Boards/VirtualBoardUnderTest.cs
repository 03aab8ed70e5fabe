using EdgeMl.Mcu.Bench.Devices.Boards;
using EdgeMl.Mcu.Bench.Hil.Configuration;
using EdgeMl.Mcu.Bench.Hil.Models;
using EdgeMl.Mcu.Bench.Hil.Power;
using EdgeMl.Mcu.Bench.WireProtocol;

namespace EdgeMl.Mcu.Bench.Hil.Boards;

/// <summary>A board without hardware, in this process.</summary>
public sealed class VirtualBoardUnderTest : BoardUnderTest
{
    private const int FillingBytes = 16 * 1024;

    private static readonly Version Version = new(1, 0, 0, 0);
    private static readonly string[] Libraries = ["EdgeMl.Mcu.Runtime", "EdgeMl.Mcu.Agent", "EdgeMl.Mcu.Link"];

    private readonly VirtualBenchBoard _board;

    /// <summary>Makes a board and switches it on.</summary>
    /// <param name="options">What it is.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.PortUnsuitable"/>: the system has no pseudo terminals.</exception>
    public VirtualBoardUnderTest(VirtualBenchBoardOptions options)
    {
        _board = new VirtualBenchBoard(options);
        Power = new Switch(_board);
    }

    /// <inheritdoc/>
    public override string WirePort => _board.WirePort;

    /// <inheritdoc/>
    public override string LinkPort => _board.LinkPort;

    /// <inheritdoc/>
    public override int LinkBaudRate => BoardConfiguration.DefaultLinkBaudRate;

    /// <inheritdoc/>
    public override BoardPower? Power { get; }

    /// <inheritdoc/>
    public override bool IsVirtual => true;

    /// <inheritdoc/>
    public override bool HasApplication => true;

    /// <summary>The board that a bench describes.</summary>
    /// <param name="configuration">Its part of the bench's file.</param>
    /// <param name="board">Its descriptor.</param>
    /// <param name="services">Gives the runtime on which inferences are counted, and reads configurations.</param>
    public static VirtualBenchBoardOptions OptionsOf(BoardConfiguration configuration, BenchBoard board, BenchServices services) => new()
    {
        Board = board.Name,
        Target = board.Target,
        NanosecondsPerIl = board.NanosecondsPerIl,
        HeapBytes = (int)board.HeapBytes,
        RuntimeImages = services.RuntimeImages,
        Configure = file => services.ReadConfiguration(file, board.Name),
        Seed = configuration.Virtual?.Seed ?? 1,
    };

    /// <summary>Assemblies with the application's names and nothing in them: what they would do is in this process.</summary>
    public override IReadOnlyList<NanoAssemblyFile> Application() =>
    [
        .. Libraries.Select(name => NanoAssemblyFile.Parse($"{name}.pe", EmptyAssembly.Create(name, FillingBytes, Version))),
        NanoAssemblyFile.Parse(
            "EdgeMl.Mcu.Device.pe",
            EmptyAssembly.Create("EdgeMl.Mcu.Device", FillingBytes, Version, main: true, references: [.. Libraries.Select(name => new AssemblyReference(name, Version))])),
    ];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _board.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Switch(VirtualBenchBoard board) : BoardPower
    {
        public override Task OffAsync(CancellationToken cancellationToken) => Task.Run(board.SwitchOff, cancellationToken);

        public override Task OnAsync(CancellationToken cancellationToken) => Task.Run(board.SwitchOn, cancellationToken);
    }
}
