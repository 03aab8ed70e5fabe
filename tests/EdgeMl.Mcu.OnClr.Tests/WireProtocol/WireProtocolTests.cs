using System.Buffers.Binary;
using EdgeMl.Mcu.Bench;
using EdgeMl.Mcu.Bench.Flashing;
using EdgeMl.Mcu.Bench.Tests.Serial;
using EdgeMl.Mcu.Bench.WireProtocol;
using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Testing;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests.WireProtocol;

/// <summary>Flashing against the real nanoCLR with its own Wire Protocol.</summary>
public sealed class WireProtocolTests(ITestOutputHelper log)
{
    [Theory]
    [InlineData("stm32")]
    [InlineData("esp32")]
    public void An_application_says_hello_after_flashing_and_another_one_replaces_it(string layout)
    {
        using var board = new RealBoard(layout);

        FlashReport first = Flash(board, DeployedProgram.Hello("hello from the first"));
        Assert.True(first.IsRunning);
        Assert.Contains("hello from the first", DeployedProgram.OutputUpTo(board.Line.First, "hello from"), StringComparison.Ordinal);

        FlashReport second = Flash(board, DeployedProgram.Hello("hello from the second", "Another"));
        Assert.Equal(["Another", "mscorlib"], second.Assemblies.Select(assembly => assembly.Name).Order(StringComparer.Ordinal));
        Assert.Contains("hello from the second", DeployedProgram.OutputUpTo(board.Line.First, "hello from"), StringComparison.Ordinal);
        log.WriteLine($"{second.Board.Platform}, nanoCLR {second.Board.ClrVersion}: {second.Deployment}");
    }

    [Theory]
    [InlineData("stm32")]
    [InlineData("esp32")]
    public void The_same_application_again_leaves_the_flash_alone_and_runs_anew(string layout)
    {
        using var board = new RealBoard(layout);
        IReadOnlyList<NanoAssemblyFile> application = DeployedProgram.Hello("hello again");
        Flash(board, application);
        byte[] before = board.Flash;

        FlashReport report = Flash(board, application);

        Assert.Equal(0, report.Deployment!.Erased);
        Assert.Equal(report.Deployment.Sectors, report.Deployment.Unchanged);
        Assert.True(report.IsRunning);
        Assert.Equal(before, board.Flash);
    }

    [Fact]
    public void Runtime_and_agent_run_from_flash_as_on_the_host()
    {
        using var board = new RealBoard();
        string[] expected = [];
        IReadOnlyList<NanoAssemblyFile> application = DeployedProgram.Compile(compiler =>
        {
            compiler.Compile("EdgeMl.Mcu.Runtime", DeviceCompiler.RuntimeSources());
            compiler.Compile("EdgeMl.Mcu.Agent", DeviceCompiler.AgentSources());
            compiler.Compile("Runner", [DeviceCompiler.DeviceSource("StorageRunner.cs")], OutputKind.ConsoleApplication);
            using MeteredProgram program = MeteredProgram.Load([compiler.Image("EdgeMl.Mcu.Runtime"), compiler.Image("EdgeMl.Mcu.Agent"), compiler.Image("Runner")]);
            var step = program.Bind<Func<int, uint>>("EdgeMl.Mcu.OnClr.StorageRunner", "Step");
            expected = [.. Enumerable.Range(0, 12).Select(i => $"flash {step(i)}")];
        });

        FlashReport report = Flash(board, application);
        string output = DeployedProgram.OutputUpTo(board.Line.First, "end");

        log.WriteLine($"{report.Regions[0].UsedBytes:N0} bytes in {report.Deployment!.Written} sectors");
        Assert.Equal(expected, output.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.StartsWith("flash ", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_native_parts_that_the_board_tells_are_those_that_it_compares_with()
    {
        using var board = new RealBoard();
        NanoAssemblyFile core = NanoAssemblyFile.Parse("mscorlib.pe", File.ReadAllBytes(NanoTools.Library("mscorlib.pe")));
        IReadOnlyList<NativeAssembly> natives;
        using (WireConnection connection = WireConnection.Open(board.Line.First, cancellationToken: TestContext.Current.CancellationToken))
            natives = new WireClient(connection).NativeAssemblies();
        Assert.Equal(core.NativeChecksum, Assert.Single(natives, native => native.Name == "mscorlib").Checksum);
        Assert.True(natives.Count > 7, "one page");

        NanoAssemblyFile[] wrong = [.. DeployedProgram.Hello("never").Select(file => file.Name == "mscorlib" ? WithNativeChecksum(file, 0x12345678) : file)];

        BenchException error = Assert.Throws<BenchException>(() => Flash(board, wrong));
        Assert.Equal(BenchErrorCodes.WillNotLoad, error.Code);
        Assert.Contains("0x12345678", error.Message, StringComparison.Ordinal);
        Assert.All(board.Flash, value => Assert.Equal(0xFF, value));
        Assert.Contains("Invalid native checksum", DeployUnchecked(board, wrong, "Error: "), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_assembly_is_found_before_flashing_and_by_the_board_in_the_same_words()
    {
        using var board = new RealBoard();
        NanoAssemblyFile[] incomplete = [.. DeployedProgram.Compile(compiler =>
        {
            compiler.Compile("Helper", [DeviceCompiler.Parse("public static class Helper { public static int Number() { return 7; } }")]);
            compiler.Compile("App", [DeviceCompiler.Parse("public static class Program { public static void Main() { System.Diagnostics.Debug.WriteLine(Helper.Number().ToString()); } }")], OutputKind.ConsoleApplication);
        }).Where(file => file.Name != "Helper")];

        BenchException error = Assert.Throws<BenchException>(() => Flash(board, incomplete));

        Assert.Contains("App needs Helper 1.0.0.0", error.Message, StringComparison.Ordinal);
        Assert.Contains("needs assembly 'Helper' (1.0.0.0)", DeployUnchecked(board, incomplete, "Error: "), StringComparison.Ordinal);
    }

    [Fact]
    public void An_application_larger_than_the_region_changes_nothing()
    {
        using var board = new RealBoard(sectors: 1);

        BenchException error = Assert.Throws<BenchException>(() => Flash(board, DeployedProgram.Hello("too large")));

        Assert.Equal(BenchErrorCodes.DeploymentTooLarge, error.Code);
        Assert.Contains("16,384", error.Message, StringComparison.Ordinal);
        Assert.All(board.Flash, value => Assert.Equal(0xFF, value));
    }

    [Fact]
    public void Bytes_damaged_on_the_line_cost_time_only()
    {
        using var board = new RealBoard();
        using var relay = new PortPair();
        using var cable = new Cable(relay.Second, board.Line.First, damageEvery: 6000);
        IReadOnlyList<NanoAssemblyFile> application = DeployedProgram.Hello("hello through noise");

        FlashReport report = new BoardFlasher(relay.First, null).Run(application, Model(8000), null, TestContext.Current.CancellationToken);

        Assert.True(report.IsRunning);
        Assert.Equal(application.SelectMany(file => file.Bytes), board.Flash.Take((int)report.Regions[0].UsedBytes));
        Assert.Equal(Model(8000), File.ReadAllBytes(Path.Combine(board.Files, "model.emlm")));
    }

    [Theory]
    [InlineData("stm32", 0.2)]
    [InlineData("stm32", 0.7)]
    [InlineData("esp32", 0.98)]
    public void A_board_whose_power_goes_while_it_is_flashed_runs_nothing_and_is_mended_by_the_same_command(string layout, double part)
    {
        using var board = new RealBoard(layout, sectors: 8);
        Flash(board, DeployedProgram.Hello("the old one", "Old"));
        IReadOnlyList<NanoAssemblyFile> application = DeployedProgram.FromSource($"public static class Program {{ static readonly byte[] Bytes = {{ {string.Join(',', Model(20000))} }}; public static void Main() {{ System.Diagnostics.Debug.WriteLine(\"the new one \" + Bytes.Length.ToString()); System.Threading.Thread.Sleep(-1); }} }}", "App");
        bool isOff = false;

        BenchException error = Assert.Throws<BenchException>(() => new BoardFlasher(board.Line.First, null).Run(application, null, (_, done) =>
        {
            if (done < part || isOff)
                return;
            isOff = true;
            board.PowerOff();
        }, TestContext.Current.CancellationToken));

        Assert.Equal(BenchErrorCodes.NoAnswer, error.Code);
        Assert.Contains("no application to start", error.Message, StringComparison.Ordinal);
        board.PowerOn();
        using (WireConnection connection = WireConnection.Open(board.Line.First, cancellationToken: TestContext.Current.CancellationToken))
        {
            var client = new WireClient(connection);
            Assert.True(SpinWait.SpinUntil(() => client.States().HasFlag(ClrStates.ProgramExited), TimeSpan.FromSeconds(30)), "something runs");
        }
        Assert.True(Flash(board, application).IsRunning);
        Assert.Contains("the new one 20000", DeployedProgram.OutputUpTo(board.Line.First, "the new one"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_crashed_application_is_replaced()
    {
        using var board = new RealBoard();
        FlashReport crashed = Flash(board, DeployedProgram.FromSource("public static class Program { public static void Main() { throw new System.InvalidOperationException(\"out of ideas\"); } }", "Crash"));
        string output = DeployedProgram.OutputUpTo(board.Line.First, "out of ideas");

        Assert.Contains("InvalidOperationException", output, StringComparison.Ordinal);
        Assert.Equal(["Crash", "mscorlib"], crashed.Assemblies.Select(assembly => assembly.Name).Order(StringComparer.Ordinal));
        Assert.True(Flash(board, DeployedProgram.Hello("hello after the crash")).IsRunning);
    }

    [Fact]
    public void An_application_that_never_rests_is_replaced()
    {
        using var board = new RealBoard();
        Assert.True(Flash(board, DeployedProgram.FromSource("public static class Program { public static int Turns; public static void Main() { while (true) Turns++; } }", "Busy")).IsRunning);

        Assert.True(Flash(board, DeployedProgram.Hello("hello after the loop")).IsRunning);
    }

    [Fact]
    public void A_file_replaces_a_longer_one_and_firmware_without_files_says_so()
    {
        using (var board = new RealBoard())
        {
            Flash(board, [], Model(5000));
            Flash(board, [], Model(77));
            Assert.Equal(Model(77), File.ReadAllBytes(Path.Combine(board.Files, "model.emlm")));
        }
        using var bare = new RealBoard(hasFiles: false);
        Assert.Equal(BenchErrorCodes.NoFileSystem, Assert.Throws<BenchException>(() => Flash(bare, [], Model(77))).Code);
    }

    private static FlashReport Flash(RealBoard board, IReadOnlyList<NanoAssemblyFile> application, byte[]? model = null) =>
        new BoardFlasher(board.Line.First, null).Run(application, model, null, TestContext.Current.CancellationToken);

    /// <summary>Deploys what the check refuses, and gives what the board says at its start.</summary>
    private static string DeployUnchecked(RealBoard board, IReadOnlyList<NanoAssemblyFile> application, string lastLine)
    {
        using (WireConnection connection = WireConnection.Open(board.Line.First, cancellationToken: TestContext.Current.CancellationToken))
        {
            var client = new WireClient(connection);
            new BoardRestart(connection, client).Hold(TestContext.Current.CancellationToken);
            Deployment.Plan(application, client.FlashSectorMap()).Run(client, null, TestContext.Current.CancellationToken);
        }
        return DeployedProgram.OutputUpTo(board.Line.First, lastLine);
    }

    private static NanoAssemblyFile WithNativeChecksum(NanoAssemblyFile file, uint checksum)
    {
        byte[] bytes = [.. file.Bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(20), checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), 0);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), WireCrc32.Compute(bytes.AsSpan(0, 124)));
        return NanoAssemblyFile.Parse(file.Name + ".pe", bytes);
    }

    private static byte[] Model(int bytes) => [.. Enumerable.Range(0, bytes).Select(i => (byte)(i * 7))];
}
