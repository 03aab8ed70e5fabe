using System.Collections.Concurrent;
using System.Text;
using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Bench.Tests.Serial;
using EdgeMl.Mcu.Bench.WireProtocol;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Bench.Tests.WireProtocol;

public class DeploymentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_board_says_who_it_is_and_what_its_flash_is_for()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second), "ESP32_S3", "ESP32", sectors: 32);
        using var connection = new WireConnection(SerialPort.Open(line.First));
        var client = new WireClient(connection);

        WireBoard identity = client.Identify(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(("ESP32_S3", "ESP32", new Version(1, 17, 0, 0), true, 1024), (identity.Name, identity.Platform, identity.ClrVersion, identity.RunsClr, identity.PayloadMax));
        Assert.Equal(32 * 4096, client.FlashSectorMap().Where(range => range.IsDeployment).Sum(range => range.Bytes));
    }

    [Fact]
    public void A_deployed_application_is_loaded_after_the_restart()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second));
        using var connection = new WireConnection(SerialPort.Open(line.First));
        NanoAssemblyFile[] application = [Assembly("Lib", 9000), Assembly("App", 3333)];

        Deploy(connection, application);

        Assert.Equal(application.Select(file => (file.Name, file.Version)), board.Loaded.Select(file => (file.Name, file.Version)));
        Assert.Equal(application.Select(file => new BoardAssembly(file.Name, file.Version)), new WireClient(connection).Assemblies());
    }

    [Fact]
    public void A_second_deployment_replaces_a_longer_one()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second));
        using var connection = new WireConnection(SerialPort.Open(line.First));

        Deploy(connection, [Assembly("Old", 20000), Assembly("Other", 20000)]);
        Deploy(connection, [Assembly("New", 100)]);

        Assert.Equal(["New"], board.Loaded.Select(file => file.Name));
    }

    [Fact]
    public void Progress_ends_at_the_total_and_never_goes_back()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second));
        using var connection = new WireConnection(SerialPort.Open(line.First));
        var steps = new List<(long Done, long Total)>();

        Deploy(connection, [Assembly("App", 10000)], (done, total) => steps.Add((done, total)));

        Assert.Equal(steps[^1].Total, steps[^1].Done);
        Assert.Equal(steps.Select(step => step.Done).Order(), steps.Select(step => step.Done));
    }

    [Fact]
    public void An_application_that_is_too_large_is_refused_before_anything_is_erased()
    {
        NanoAssemblyFile[] application = [Assembly("Small", 100), Assembly("Large", 20000)];

        BenchException error = Assert.Throws<BenchException>(() => Deployment.Plan(application, [new FlashRange(0x1000, 4, 4096, 0x50)]));

        Assert.Equal(BenchErrorCodes.DeploymentTooLarge, error.Code);
        Assert.Contains("16,384", error.Message, StringComparison.Ordinal);
        Assert.Contains("Large", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Flash_that_does_not_take_a_byte_is_named_with_its_address()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second)) { WornAddress = VirtualSerialBoard.FlashAddress + 5000 };
        using var connection = new WireConnection(SerialPort.Open(line.First));

        BenchException error = Assert.Throws<BenchException>(() => Deploy(connection, [Assembly("App", 10000)]));

        Assert.Equal(BenchErrorCodes.FlashFailed, error.Code);
        Assert.Contains("0x0011", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deployment_that_is_cut_off_can_be_repeated()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second));
        using (var connection = new WireConnection(SerialPort.Open(line.First)))
        {
            using var stop = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => Deploy(connection, [Assembly("App", 10000)], (done, total) => { if (done > total * 9 / 10) stop.Cancel(); }, stop));
        }
        using var again = new WireConnection(SerialPort.Open(line.First));
        Deploy(again, [Assembly("App", 10000)]);

        Assert.Equal(["App"], board.Loaded.Select(file => file.Name));
    }

    [Fact]
    public void An_unplugged_board_is_told_apart_from_a_silent_one()
    {
        using var line = new PortPair();
        using var connection = new WireConnection(SerialPort.Open(line.First));
        var client = new WireClient(connection);
        Assert.Equal(BenchErrorCodes.NoAnswer, Assert.Throws<BenchException>(() => client.Identify(attempts: 1, TestContext.Current.CancellationToken)).Code);

        line.Cut();

        Assert.Equal(BenchErrorCodes.PortDisconnected, Assert.Throws<BenchException>(() => client.Identify(attempts: 1, TestContext.Current.CancellationToken)).Code);
    }

    [Fact]
    public void A_file_goes_to_the_board_whole_and_replaces_a_longer_one()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second));
        using var connection = new WireConnection(SerialPort.Open(line.First));
        var client = new WireClient(connection);
        byte[] large = new byte[10000];
        new Random(3).NextBytes(large);

        client.WriteFile(@"I:\model.emlm", large, null);
        Assert.Equal(large, board.FileAt(@"I:\model.emlm"));
        client.WriteFile(@"I:\model.emlm", large.AsMemory(0, 77), null);

        Assert.Equal(large[..77], board.FileAt(@"I:\model.emlm"));
    }

    [Fact]
    public void Firmware_without_a_file_system_refuses_a_file()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second)) { HasFiles = false };
        using var connection = new WireConnection(SerialPort.Open(line.First));

        BenchException error = Assert.Throws<BenchException>(() => new WireClient(connection).WriteFile("model", new byte[10], null));

        Assert.Equal(BenchErrorCodes.NoFileSystem, error.Code);
        Assert.Contains("--link", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Debug_output_arrives_between_answers()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second));
        using var connection = new WireConnection(SerialPort.Open(line.First));
        var output = new ConcurrentQueue<byte>();
        connection.Output += bytes => Array.ForEach(bytes, output.Enqueue);
        var client = new WireClient(connection);

        board.Print("zero\r\n");
        client.Identify(cancellationToken: TestContext.Current.CancellationToken);
        board.Print("one\r\n");

        Assert.True(SpinWait.SpinUntil(() => output.Count == 11, Patience));
        Assert.Equal("zero\r\none\r\n", Encoding.ASCII.GetString([.. output]));
    }

    [Fact]
    public void Only_sectors_that_differ_are_erased_and_written()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second), sectors: 16);
        using var connection = new WireConnection(SerialPort.Open(line.First));
        var client = new WireClient(connection);
        NanoAssemblyFile library = TestAssembly.File("Lib", 3 * 4096);
        CancellationToken token = TestContext.Current.CancellationToken;

        DeploymentResult first = Deployment.Plan([library, TestAssembly.File("App", 100)], client.FlashSectorMap()).Run(client, null, token);
        DeploymentResult same = Deployment.Plan([library, TestAssembly.File("App", 100)], client.FlashSectorMap()).Run(client, null, token);
        DeploymentResult other = Deployment.Plan([library, TestAssembly.File("App", 100, seed: 2)], client.FlashSectorMap()).Run(client, null, token);
        DeploymentResult shorter = Deployment.Plan([TestAssembly.File("App", 100, seed: 2)], client.FlashSectorMap()).Run(client, null, token);

        Assert.Equal(new DeploymentResult(16, 12, 4, 4, 0), first);
        Assert.Equal(new DeploymentResult(16, 16, 0, 0, 0), same);
        Assert.Equal(new DeploymentResult(16, 15, 1, 1, 0), other);
        Assert.Equal(new DeploymentResult(16, 12, 4, 1, 0), shorter);
    }

    [Fact]
    public void A_board_that_has_one_block_for_the_whole_region_is_deployed_to_and_compared()
    {
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second), sectors: 1, sectorBytes: 0x40000);
        using var connection = new WireConnection(SerialPort.Open(line.First));

        Deploy(connection, [Assembly("Lib", 9000), Assembly("App", 3333)]);

        Assert.Equal(["Lib", "App"], board.Loaded.Select(file => file.Name));
        var client = new WireClient(connection);
        Assert.Equal(0, Deployment.Plan([Assembly("Lib", 9000), Assembly("App", 3333)], client.FlashSectorMap()).Compare(client, TestContext.Current.CancellationToken));
        Assert.Equal(1, Deployment.Plan([Assembly("Lib", 9000)], client.FlashSectorMap()).Compare(client, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_native_parts_of_a_firmware_are_read_page_by_page()
    {
        using var line = new PortPair();
        NativeAssembly[] natives = [.. Enumerable.Range(0, 23).Select(i => new NativeAssembly($"Library{i}", new Version(100, 0, 0, i), (uint)(i * 77)))];
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second)) { Natives = natives };
        using var connection = new WireConnection(SerialPort.Open(line.First));

        Assert.Equal(natives, new WireClient(connection).NativeAssemblies());
    }

    [Fact]
    public void Files_that_are_no_assemblies_are_refused()
    {
        byte[] good = TestAssembly.Create("App", 40);
        byte[] damaged = [.. good];
        damaged[^1] ^= 1;

        Assert.Equal("App", NanoAssemblyFile.Parse("App.pe", good).Name);
        byte[] program = Encoding.ASCII.GetBytes(new string('M', 200));
        foreach (byte[] bad in new[] { [], program, damaged, good[..^4], [.. good, 0, 0, 0, 0] })
            Assert.Equal(BenchErrorCodes.BadApplication, Assert.Throws<BenchException>(() => NanoAssemblyFile.Parse("App.pe", bad)).Code);
    }

    [Fact]
    public void Assemblies_that_others_need_come_first()
    {
        using var folder = new TemporaryFolder();
        AssemblyReference To(string name) => new(name, new Version(1, 2, 3, 4));
        folder.Write("App.pe", TestAssembly.Create("App", 40, main: true, references: [To("Middle"), To("core")]));
        folder.Write("Middle.pe", TestAssembly.Create("Middle", 40, references: To("core")));
        folder.Write("Other.pe", TestAssembly.Create("Other", 40, references: To("core")));
        folder.Write("core.pe", TestAssembly.Create("core", 40));

        Assert.Equal(["core", "Middle", "Other", "App"], NanoAssemblyFile.ReadFolder(folder.Path).Select(file => file.Name));
    }

    [Fact]
    public void A_folder_without_assemblies_is_refused()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(BenchErrorCodes.BadApplication, Assert.Throws<BenchException>(() => NanoAssemblyFile.ReadFolder(folder.Path)).Code);
        Assert.Equal(BenchErrorCodes.BadApplication, Assert.Throws<BenchException>(() => NanoAssemblyFile.ReadFolder(folder.File("none"))).Code);
    }

    [Fact]
    public void Assemblies_of_the_real_metadata_processor_are_read()
    {
        string? libraries = Environment.GetEnvironmentVariable("EDGEML_NANO_LIBS");
        Assert.SkipWhen(string.IsNullOrEmpty(libraries), "EDGEML_NANO_LIBS names no folder of nanoFramework libraries");

        IReadOnlyList<NanoAssemblyFile> files = NanoAssemblyFile.ReadFolder(libraries);

        Assert.Contains(files, file => file.Name == "mscorlib" && file.Version.Major == 1 && file.NativeChecksum != 0 && file.References.Count == 0);
        Assert.All(files.Where(file => file.Name != "mscorlib"), file => Assert.Contains(file.References, reference => reference.Name == "mscorlib"));
        Assert.DoesNotContain(files, file => file.HasEntryPoint || file.References.Any(reference => reference.Name.StartsWith('#')));
    }

    private static NanoAssemblyFile Assembly(string name, int bytes) => TestAssembly.File(name, bytes);

    private static void Deploy(WireConnection connection, NanoAssemblyFile[] application, Action<long, long>? progress = null, CancellationTokenSource? stop = null)
    {
        using var started = new ManualResetEventSlim();
        connection.Started += started.Set;
        CancellationToken token = stop?.Token ?? TestContext.Current.CancellationToken;
        var client = new WireClient(connection);
        client.Identify(cancellationToken: token);
        Deployment.Plan(application, client.FlashSectorMap()).Run(client, progress, token);
        client.RebootClr();
        Assert.True(started.Wait(Patience, CancellationToken.None), "the board did not start again");
        Assert.True(SpinWait.SpinUntil(() => (client.States() & (ClrStates.ProgramRunning | ClrStates.ProgramExited)) != 0, Patience));
        connection.Started -= started.Set;
    }
}
