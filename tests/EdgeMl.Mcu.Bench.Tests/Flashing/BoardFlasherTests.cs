using EdgeMl.Mcu.Bench.Flashing;
using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Bench.Tests.Serial;
using EdgeMl.Mcu.Bench.Tests.WireProtocol;
using EdgeMl.Mcu.Bench.WireProtocol;

namespace EdgeMl.Mcu.Bench.Tests.Flashing;

public class BoardFlasherTests
{
    private static readonly AssemblyReference Library = new("Lib", new Version(1, 2, 3, 4));

    private static NanoAssemblyFile[] Application { get; } = [TestAssembly.File("Lib", 9000), TestAssembly.File("App", 5000, main: true, references: Library)];

    [Fact]
    public void A_flashed_board_runs_the_application_and_holds_the_model()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second), sectors: 16);
        byte[] model = [.. Enumerable.Range(0, 5000).Select(i => (byte)i)];

        FlashReport report = Flash(line, Application, model);

        Assert.True(report.IsRunning);
        Assert.Equal(ClrStates.ProgramRunning | ClrStates.Connected, board.States);
        Assert.Equal(["Lib", "App"], report.Assemblies.Select(assembly => assembly.Name));
        Assert.Equal(model, board.FileAt(BoardFlasher.ModelPath));
        Assert.Equal(new DeploymentResult(16, 12, 4, 4, 0), report.Deployment);
        FlashRegion region = Assert.Single(report.Regions);
        Assert.Equal(Application.Sum(file => file.Bytes.Length), region.UsedBytes);
        Assert.Equal(65536, region.LimitBytes);
        Assert.Equal(100.0 * region.UsedBytes / 65536, region.Percent);
    }

    [Fact]
    public void The_same_application_again_erases_nothing_and_runs_anew()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second), sectors: 16);

        Flash(line, Application);
        FlashReport again = Flash(line, Application);

        Assert.Equal(new DeploymentResult(16, 16, 0, 0, 0), again.Deployment);
        Assert.True(again.IsRunning);
    }

    [Fact]
    public void What_would_not_load_is_refused_while_the_old_application_still_runs()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second)) { Natives = [new NativeAssembly("Lib2", new Version(100, 0, 0, 1), 5)] };
        Flash(line, Application);

        Assert.Equal(BenchErrorCodes.WillNotLoad, Refusal(line, [Application[1]]).Code);
        BenchException native = Refusal(line, [.. Application, TestAssembly.File("Lib2", 8, native: 6)]);
        Assert.Equal(BenchErrorCodes.WillNotLoad, native.Code);
        Assert.Contains("Lib2", native.Message, StringComparison.Ordinal);
        BenchException large = Refusal(line, [.. Application, TestAssembly.File("Large", 300000)]);
        Assert.Equal(BenchErrorCodes.DeploymentTooLarge, large.Code);
        Assert.Contains("262,144", large.Message, StringComparison.Ordinal);

        Assert.Equal(["Lib", "App"], board.Loaded.Select(file => file.Name));
        Assert.True(board.States.HasFlag(ClrStates.ProgramRunning));
    }

    [Theory]
    [InlineData("ESP32_S3_BLE", "ESP32_S3")]
    [InlineData("ESP32_S3", "ESP32_S3_OCTAL")]
    [InlineData("esp32_rev3", "ESP32_REV3")]
    public void A_variant_of_the_firmware_is_the_same_board(string found, string wanted)
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second), found);

        Assert.True(new BoardFlasher(line.First, wanted).Run(Application, null, null, TestContext.Current.CancellationToken).IsRunning);
    }

    [Theory]
    [InlineData("ESP32_C3")]
    [InlineData("ST_STM32F769I_DISCOVERY")]
    public void A_board_of_another_kind_is_refused_while_its_application_runs_on(string wanted)
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second), "ESP32_S3", "ESP32");
        Flash(line, Application);

        BenchException error = Assert.Throws<BenchException>(() => new BoardFlasher(line.First, wanted).Run([], null, null, TestContext.Current.CancellationToken));

        Assert.Equal(BenchErrorCodes.WrongBoard, error.Code);
        Assert.Contains("ESP32_S3", error.Message, StringComparison.Ordinal);
        Assert.True(board.States.HasFlag(ClrStates.ProgramRunning));
    }

    [Fact]
    public void A_model_alone_leaves_the_application_as_it_is()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second));
        Flash(line, Application);

        FlashReport report = Flash(line, [], [9, 9]);

        Assert.True(report.IsRunning);
        Assert.Null(report.Deployment);
        Assert.Equal([9, 9], board.FileAt(BoardFlasher.ModelPath));
    }

    [Fact]
    public void A_board_in_its_loader_and_firmware_of_another_line_are_told_apart()
    {
        using (var line = new PortPair())
        using (new VirtualSerialBoard(SerialPort.Open(line.Second)) { IsInBooter = true })
        {
            BenchException booter = Refusal(line, Application);
            Assert.Equal(BenchErrorCodes.Firmware, booter.Code);
            Assert.Contains("nanoBooter", booter.Message, StringComparison.Ordinal);
        }
        using (var line = new PortPair())
        using (new VirtualSerialBoard(SerialPort.Open(line.Second)) { ClrVersion = new Version(2, 0, 1, 0) })
        {
            BenchException version = Refusal(line, Application);
            Assert.Equal(BenchErrorCodes.Firmware, version.Code);
            Assert.Contains("2.0.1.0", version.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_silent_port_is_told_with_the_rates_that_were_tried()
    {
        using var line = new PortPair();

        BenchException error = Refusal(line, Application);

        Assert.Equal(BenchErrorCodes.NoAnswer, error.Code);
        Assert.Contains("115200", error.Message, StringComparison.Ordinal);
        Assert.Contains("--clr", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cable_pulled_in_the_middle_says_what_the_board_has_and_the_same_command_mends_it()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second), sectors: 16);
        using var relay = new PortPair();
        using var cable = new Cable(relay.Second, line.First);

        BenchException error = Assert.Throws<BenchException>(() => new BoardFlasher(relay.First, null).Run(Application, null, (_, part) => { if (part > 0.7) relay.Cut(); }, TestContext.Current.CancellationToken));

        Assert.Equal(BenchErrorCodes.PortDisconnected, error.Code);
        Assert.Contains("no application to start", error.Message, StringComparison.Ordinal);
        Assert.Contains("Run the same command again", error.Hint, StringComparison.Ordinal);
        Assert.Empty(board.Loaded);
        cable.Dispose();

        FlashReport again = Flash(line, Application);
        Assert.True(again.IsRunning);
        Assert.InRange(again.Deployment!.Unchanged, 13, 15);
    }

    [Fact]
    public void A_worn_sector_fails_after_a_second_try_and_the_board_still_answers()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second)) { WornAddress = VirtualSerialBoard.FlashAddress + 5000 };

        BenchException error = Refusal(line, Application);

        Assert.Equal(BenchErrorCodes.FlashFailed, error.Code);
        Assert.Contains("no application to start now: 1 of 4", error.Message, StringComparison.Ordinal);
        Assert.Equal(BenchErrorCodes.FlashFailed, Refusal(line, Application).Code);
    }

    [Fact]
    public void A_board_that_loads_nothing_after_all_is_no_success()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second)) { LoadsNothing = true };

        BenchException error = Refusal(line, Application);

        Assert.Equal(BenchErrorCodes.NotLoaded, error.Code);
        Assert.Contains("App 1.2.3.4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Firmware_without_files_leaves_the_old_application_running()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second)) { HasFiles = false };
        Flash(line, Application);

        BenchException error = Assert.Throws<BenchException>(() => Flash(line, [], [1, 2, 3]));

        Assert.Equal(BenchErrorCodes.NoFileSystem, error.Code);
        Assert.True(SpinWait.SpinUntil(() => board.States.HasFlag(ClrStates.ProgramRunning), TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void A_model_goes_over_the_link_where_the_firmware_has_no_files()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second)) { HasFiles = false };
        var link = new RecordingLink();

        FlashReport report = new BoardFlasher(line.First, null) { ModelLink = link }.Run(Application, [1, 2, 3], null, TestContext.Current.CancellationToken);

        Assert.Equal([1, 2, 3], link.Model);
        Assert.Equal("recorder says hello", report.Hello);
        Assert.Equal(new FlashedFile("recorder", 3), report.Model);
    }

    private static FlashReport Flash(PortPair line, NanoAssemblyFile[] application, byte[]? model = null) =>
        new BoardFlasher(line.First, null).Run(application, model, null, TestContext.Current.CancellationToken);

    private static BenchException Refusal(PortPair line, NanoAssemblyFile[] application) => Assert.Throws<BenchException>(() => Flash(line, application));

    private sealed class RecordingLink : IModelLink
    {
        public string Name => "recorder";

        public byte[]? Model { get; private set; }

        public string Identify(CancellationToken cancellationToken) => "recorder says hello";

        public void Put(byte[] model, Action<double>? progress, CancellationToken cancellationToken) => Model = model;
    }
}
