using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Bench.Tests.Serial;
using EdgeMl.Mcu.Bench.Tests.WireProtocol;
using EdgeMl.Mcu.Bench.WireProtocol;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests.Flashing;

/// <summary><c>flash</c> and <c>monitor</c> on a virtual board behind a pty.</summary>
public class FlashBoardTests
{
    [Fact]
    public void Flashing_tells_region_sectors_and_what_runs()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second), sectors: 16);
        using var folder = new TemporaryFolder();
        int bytes = WriteApplication(folder);

        CommandLineRun run = CommandLineRun.Of("flash", "--port", line.First, "--board", "ESP32", "--app", folder.Path);
        CommandLineRun again = CommandLineRun.Of("flash", "--port", line.First, "--app", folder.Path, "--json");

        Assert.Equal((ExitCodes.Ok, ""), (run.ExitCode, run.Error));
        Assert.Contains($"deployment: {bytes:N0} of 65,536 bytes, {100.0 * bytes / 65536:F1} %", run.Output, StringComparison.Ordinal);
        Assert.Contains("3 erased, 3 written, 13 of 16 were right already", run.Output, StringComparison.Ordinal);
        Assert.Contains("running: Lib 1.2.3.4, App 1.2.3.4", run.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, again.ExitCode);
        Assert.Equal(16, again.Json.GetProperty("deployment").GetProperty("unchanged").GetInt32());
        Assert.True(again.Json.GetProperty("isRunning").GetBoolean());
        Assert.Equal(65536, again.Json.GetProperty("regions")[0].GetProperty("limitBytes").GetInt64());
    }

    [Fact]
    public void What_the_board_would_not_load_is_refused_with_4()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second));
        using var folder = new TemporaryFolder();
        WriteApplication(folder);
        File.Delete(folder.File("Lib.pe"));

        CommandLineRun.Of("flash", "--port", line.First, "--app", folder.Path).ShouldFail(ExitCodes.Refused, "board.will-not-load");
        CommandLineRun.Of("flash", "--port", line.First, "--board", "ESP32-C3", "--app", folder.Path).ShouldFail(ExitCodes.Refused, "board.wrong");
    }

    [Fact]
    public void A_port_that_another_program_has_is_busy_with_3()
    {
        using var line = new PortPair();
        using SerialPort other = SerialPort.Open(line.First);

        CommandLineRun.Of("monitor", "--port", line.First).ShouldFail(ExitCodes.Unreachable, "port.busy");
    }

    [Fact]
    public void A_silent_port_is_unreachable()
    {
        using var line = new PortPair();

        CommandLineRun.Of("monitor", "--port", line.First, "--baud", "115200").ShouldFail(ExitCodes.Unreachable, "board.no-answer");
    }

    [Fact]
    public async Task Monitor_shows_what_the_program_prints_until_it_ends()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second));
        using var folder = new TemporaryFolder();
        WriteApplication(folder);
        Assert.Equal(ExitCodes.Ok, CommandLineRun.Of("flash", "--port", line.First, "--app", folder.Path).ExitCode);

        Task<CommandLineRun> monitor = Task.Run(() => CommandLineRun.Of("monitor", "--port", line.First, "--restart", "--until-exit"), TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => board.Starts == 3 && board.States.HasFlag(ClrStates.ProgramRunning), Patience.Limit));
        board.Print("hello, w\u00F6rld\r\n");
        board.EndProgram();
        CommandLineRun run = await monitor.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        Assert.Equal("hello, w\u00F6rld\r\n", run.Output);
        Assert.Contains("has ended", run.Error, StringComparison.Ordinal);
    }

    private static int WriteApplication(TemporaryFolder folder)
    {
        byte[] library = TestAssembly.Create("Lib", 7000);
        byte[] program = TestAssembly.Create("App", 5000, main: true, references: new AssemblyReference("Lib", new Version(1, 2, 3, 4)));
        folder.Write("Lib.pe", library);
        folder.Write("App.pe", program);
        return library.Length + program.Length;
    }
}
