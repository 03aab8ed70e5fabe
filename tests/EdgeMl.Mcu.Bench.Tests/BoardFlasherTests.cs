using EdgeMl.Mcu.Bench.Flashing;
using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Bench.Tests.Serial;
using EdgeMl.Mcu.Bench.Tests.WireProtocol;
using EdgeMl.Mcu.Bench.WireProtocol;

namespace EdgeMl.Mcu.Bench.Tests;

public class BoardFlasherTests
{
    private static readonly NanoAssemblyFile[] Application = [NanoAssemblyFile.Parse("App.pe", TestAssembly.Create("App", 5000))];

    [Theory]
    [InlineData("ESP32_S3_BLE", "ESP32_S3")]
    [InlineData("ESP32_S3", "ESP32_S3_OCTAL")]
    [InlineData("esp32_rev3", "ESP32_REV3")]
    public void Application_and_model_run_after_flashing_a_variant_of_the_board(string found, string wanted)
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second), found);
        byte[] model = [1, 2, 3, 4, 5];

        FlashReport report = new BoardFlasher(line.First, wanted).Run(Application, model, null, TestContext.Current.CancellationToken);

        Assert.Equal(["App"], report.Assemblies.Select(assembly => assembly.Name));
        Assert.Equal(model, board.FileAt(BoardFlasher.ModelPath));
        Assert.Equal(Application[0].Bytes.Length, Assert.Single(report.Regions).UsedBytes);
    }

    [Theory]
    [InlineData("ESP32_C3")]
    [InlineData("ST_STM32F769I_DISCOVERY")]
    public void Another_board_is_refused_before_anything_is_erased(string wanted)
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second), "ESP32_S3");
        new BoardFlasher(line.First, null).Run(Application, null, null, TestContext.Current.CancellationToken);

        BenchException error = Assert.Throws<BenchException>(() => new BoardFlasher(line.First, wanted).Run([], null, null, TestContext.Current.CancellationToken));

        Assert.Equal(BenchErrorCodes.WrongBoard, error.Code);
        Assert.Contains("ESP32_S3", error.Message, StringComparison.Ordinal);
        Assert.Equal(["App"], AssembliesOn(line.First));
    }

    [Fact]
    public void A_model_alone_leaves_the_application_as_it_is()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second));
        new BoardFlasher(line.First, null).Run(Application, null, null, TestContext.Current.CancellationToken);

        FlashReport report = new BoardFlasher(line.First, null).Run([], [9, 9], null, TestContext.Current.CancellationToken);

        Assert.Equal(["App"], report.Assemblies.Select(assembly => assembly.Name));
        Assert.Equal([9, 9], board.FileAt(BoardFlasher.ModelPath));
    }

    [Fact]
    public void A_board_that_does_not_load_the_application_is_told()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second)) { LoadsNothing = true };

        BenchException error = Assert.Throws<BenchException>(() => new BoardFlasher(line.First, null).Run(Application, null, null, TestContext.Current.CancellationToken));

        Assert.Equal(BenchErrorCodes.NotLoaded, error.Code);
        Assert.Contains("App", error.Message, StringComparison.Ordinal);
    }

    private static string[] AssembliesOn(string port)
    {
        using var connection = new WireConnection(SerialPort.Open(port));
        return [.. new WireClient(connection).Assemblies().Select(assembly => assembly.Name)];
    }
}
