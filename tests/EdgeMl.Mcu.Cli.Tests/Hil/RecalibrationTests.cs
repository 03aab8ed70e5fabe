using EdgeMl.Mcu.Bench;
using EdgeMl.Mcu.Bench.Hil.Calibration;
using EdgeMl.Mcu.Bench.Hil.Reports;
using EdgeMl.Mcu.Cli.Hil;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Boards;

namespace EdgeMl.Mcu.Cli.Tests.Hil;

public class RecalibrationTests
{
    [Fact]
    public void The_file_of_the_board_gets_the_measured_speed_and_its_source()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(Repository.PathOf("hardware/boards")))
            File.Copy(file, folder.File(Path.GetFileName(file)));

        (SpeedFit fit, string path) = BenchFiles.Recalibrate(Report(isVirtual: false), Report(isVirtual: false).Boards[0], folder.Path);

        Assert.Equal(folder.File("esp32.json"), path);
        Assert.Equal(298, fit.NanosecondsPerIl, 1e-9);
        Board board = BoardCatalog.Parse(File.ReadAllBytes(path));
        Assert.Equal(298, board.NanosecondsPerIl);
        Assert.Equal("measured: edgeml bench desk, 2026-03-01, 4 layers of 1 models, median error 0.0 %, application 1.0, nanoCLR 1.17.0.0", board.SpeedSource);
        Assert.Equal(Directory.GetFiles(Repository.PathOf("hardware/boards")).Length, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void A_virtual_run_leaves_the_files_alone()
    {
        using var folder = new TemporaryFolder();
        byte[] before = File.ReadAllBytes(Repository.PathOf("hardware/boards/esp32.json"));
        string path = folder.Write("esp32.json", before);

        BenchException error = Assert.Throws<BenchException>(() => BenchFiles.Recalibrate(Report(isVirtual: true), Report(isVirtual: true).Boards[0], folder.Path));

        Assert.Equal(BenchErrorCodes.NotCalibrated, error.Code);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_board_without_a_file_is_said()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(BenchErrorCodes.NotCalibrated, Assert.Throws<BenchException>(() => BenchFiles.Recalibrate(Report(isVirtual: false), Report(isVirtual: false).Boards[0], folder.Path)).Code);
    }

    private static BenchReport Report(bool isVirtual)
    {
        LatencyNumbers[] layers = [.. new[] { 1000.0, 2000, 3000, 4000 }.Select(il => new LatencyNumbers("layer", "Conv2D", il * 0.298, il * 0.298, il * 0.298, il * 0.325, il))];
        var board = new BoardReport("one", "ESP32", isVirtual, 325, "estimated: x", new BoardIdentity("ESP32", "1.0", "1.17.0.0", 1, 1), [], [new ModelReport("m", 1, 1, 1, null, new LatencyReport(30, layers[0], layers), null)], null, null);
        return new BenchReport("desk", new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), "0.1.0", [board]);
    }
}
