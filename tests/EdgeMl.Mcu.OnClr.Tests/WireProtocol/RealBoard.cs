using EdgeMl.Mcu.Bench.Tests.Serial;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.OnClr.Tests.WireProtocol;

/// <summary>
/// The real nanoCLR as a board on a serial line. The executable that <see cref="NanoTools.WireClrVariable"/> names is nf-interpreter's POSIX build with its own Wire Protocol, debugger,
/// messaging, block storage and start-up sources, and takes:
/// <c>--port DEVICE</c> (a pty, opened again whenever it went away), <c>--flash FILE</c> (the deployment region, kept over restarts, created erased), <c>--layout stm32|esp32</c> (sectors executed
/// in place; or one block, mapped elsewhere, that is erased as a whole), <c>--sectors N</c>, <c>--sector-bytes N[K]</c> (region size; default 6 x 128K), <c>--files FOLDER</c> (its file system;
/// without it storage operations end with a platform error). It runs until it is killed, restarts itself in the same process number, and loads managed code from the deployment region only.
/// </summary>
internal sealed class RealBoard : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _arguments;
    private ExternalProgram _program;

    /// <summary>Switches it on with erased flash.</summary>
    public RealBoard(string layout = "stm32", int sectors = 64, int sectorBytes = 16384, bool hasFiles = true)
    {
        Assert.SkipUnless(NanoTools.CanDeploy, NanoTools.WireMissing);
        Line = new PortPair();
        Directory.CreateDirectory(Files);
        _arguments =
        [
            "--port", Line.Second, "--flash", _folder.File("flash"), "--layout", layout, "--sectors", $"{sectors}", "--sector-bytes", $"{sectorBytes}", .. hasFiles ? new[] { "--files", Files } : [],
        ];
        _program = ExternalProgram.Start(NanoTools.WireClr, _arguments);
    }

    /// <summary>The serial line; the tool's end is <see cref="PortPair.First"/>.</summary>
    public PortPair Line { get; }

    /// <summary>Folder of its files; drive I.</summary>
    public string Files => _folder.File("files");

    /// <summary>Content of its flash.</summary>
    public byte[] Flash => File.ReadAllBytes(_folder.File("flash"));

    /// <summary>Takes its power away.</summary>
    public void PowerOff() => _program.Dispose();

    /// <summary>Gives it power again.</summary>
    public void PowerOn() => _program = ExternalProgram.Start(NanoTools.WireClr, _arguments);

    public void Dispose()
    {
        _program.Dispose();
        Line.Dispose();
        _folder.Dispose();
    }
}
