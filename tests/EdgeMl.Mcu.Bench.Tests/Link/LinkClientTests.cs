using EdgeMl.Mcu.Bench.Link;
using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Link;

namespace EdgeMl.Mcu.Bench.Tests.Link;

public class LinkClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_device_says_who_it_is()
    {
        using var line = new ServedLine(new TestBoard(77));

        LinkIdentity identity = line.Client.Identify(Token);

        Assert.Equal(("test_board", "1.2.3", "bench-1"), (identity.Board, identity.Firmware, identity.Device));
        Assert.Equal((1, 1024, 77, 180_000), (identity.ProtocolVersion, identity.FrameBytes, identity.StartId, identity.MemoryBytes));
        Assert.Equal(TimeSpan.FromMicroseconds(1), identity.TimerStep);
        Assert.Equal((true, true, false, false), (identity.HasFiles, identity.CanReboot, identity.HasFeed, identity.HasAgent));
        Assert.Equal(["mscorlib 10.11.12.13", "EdgeMl.Mcu.Device 0.1.2.3"], identity.Assemblies.Select(assembly => $"{assembly.Name} {assembly.Version}"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1017)]
    [InlineData(5000)]
    public void What_is_echoed_comes_back_unchanged(int count)
    {
        using var line = new ServedLine(new TestBoard());
        byte[] data = [.. Enumerable.Range(0, count).Select(i => (byte)(i * 7))];

        Assert.Equal(data, line.Client.Echo(data, Token));
    }

    [Fact]
    public void Counters_tell_time_memory_and_what_was_asked()
    {
        var board = new TestBoard();
        using var line = new ServedLine(board);
        LinkCounters first = line.Client.Counters(cancellationToken: Token);
        LinkCounters second = line.Client.Counters(collectGarbage: true, Token);

        Assert.Equal((90_000, null, 1), (second.FreeMemoryBytes, second.LargestFreeBlockBytes, second.GarbageCollections));
        Assert.Equal(first.Requests + 1, second.Requests);
        Assert.True(second.Microseconds >= first.Microseconds);
        Assert.Null(second.Agent);
        Assert.Equal(0, second.DamagedFrames);
    }

    [Fact]
    public void A_file_that_was_put_is_stored_under_its_name()
    {
        var board = new TestBoard();
        using var line = new ServedLine(board);
        byte[] content = [.. Enumerable.Range(0, 3000).Select(i => (byte)(i % 251))];

        line.Client.PutFile("edgeml.cfg", content, cancellationToken: Token);

        Assert.Equal(content, board.Stored.Committed["edgeml.cfg"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../edgeml.cfg")]
    [InlineData(".hidden")]
    [InlineData("a name")]
    [InlineData("123456789012345678901234567890123")]
    public void A_name_that_could_leave_the_folder_of_files_is_refused(string name)
    {
        var board = new TestBoard();
        using var line = new ServedLine(board);

        LinkException error = Assert.Throws<LinkException>(() => line.Client.PutFile(name, [1], cancellationToken: Token));

        Assert.Equal((int)LinkError.FileName, error.Status);
        Assert.Empty(board.Stored.Committed);
    }

    [Fact]
    public void A_file_that_reads_back_as_something_else_is_not_taken()
    {
        var board = new TestBoard { Stored = new TestFiles { WornAt = 2000 } };
        using var line = new ServedLine(board);

        LinkException error = Assert.Throws<LinkException>(() => line.Client.PutFile("edgeml.cfg", new byte[3000], cancellationToken: Token));

        Assert.Equal(LinkErrorCodes.Damaged, error.Code);
        Assert.Empty(board.Stored.Committed);
        Assert.Equal(3, board.Stored.Abandoned);
    }

    [Fact]
    public void A_file_for_which_there_is_no_room_is_refused()
    {
        var board = new TestBoard { Stored = new TestFiles { Capacity = 100 } };
        using var line = new ServedLine(board);

        LinkException error = Assert.Throws<LinkException>(() => line.Client.PutFile("edgeml.cfg", new byte[101], cancellationToken: Token));

        Assert.Equal((LinkErrorCodes.Refused, (int)LinkError.FileFailed), (error.Code, error.Status));
    }

    [Fact]
    public void A_port_on_which_nobody_answers_is_said_so_with_a_hint()
    {
        using PseudoTerminal silent = PseudoTerminal.Open();
        using LinkClient client = LinkClient.Open(silent.Name, new LinkOptions { Patience = TimeSpan.FromMilliseconds(200), FirstWait = TimeSpan.FromMilliseconds(20) });

        LinkException error = Assert.Throws<LinkException>(() => client.Identify(Token));

        Assert.Equal(LinkErrorCodes.NoAnswer, error.Code);
        Assert.Contains(silent.Name, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Hint);
    }

    [Fact]
    public void A_port_that_is_not_there_is_said_at_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "device files are POSIX's");
        using LinkClient client = LinkClient.Open("/dev/no-such-port");

        Assert.Equal(BenchErrorCodes.PortNotFound, Assert.Throws<BenchException>(() => client.Identify(Token)).Code);
    }

    [Fact]
    public void Giving_up_ends_the_wait()
    {
        using PseudoTerminal silent = PseudoTerminal.Open();
        using LinkClient client = LinkClient.Open(silent.Name);
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        Assert.ThrowsAny<OperationCanceledException>(() => client.Identify(source.Token));
    }
}
