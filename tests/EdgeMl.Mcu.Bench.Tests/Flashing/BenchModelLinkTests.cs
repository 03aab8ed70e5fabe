using EdgeMl.Mcu.Bench.Flashing;
using EdgeMl.Mcu.Bench.Tests.Link;
using EdgeMl.Mcu.Link.Server;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Bench.Tests.Flashing;

public class BenchModelLinkTests
{
    private static readonly byte[] Model = DenseModels.Compile(8192, seed: 3).Bytes;

    [Fact]
    public void Hello_names_board_device_and_versions()
    {
        using var line = new ServedLine(new TestBoard());

        string hello = new BenchModelLink(line.Client).Identify(TestContext.Current.CancellationToken);

        Assert.StartsWith("hello from test_board, device bench-1: application 1.2.3, link 1, models of ABI ", hello, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_becomes_a_file_of_the_device()
    {
        var board = new TestBoard();
        using var line = new ServedLine(board);

        new BenchModelLink(line.Client).Put(Model, null, TestContext.Current.CancellationToken);

        Assert.Equal(Model, board.Stored.Committed["model.emlm"]);
    }

    [Fact]
    public void A_device_whose_files_are_too_small_takes_the_model_into_its_memory()
    {
        var board = new TestBoard();
        using var line = new ServedLine(board, new LinkLimits { FileBytesMax = 100 });
        var progress = new List<double>();

        new BenchModelLink(line.Client).Put(Model, progress.Add, TestContext.Current.CancellationToken);

        Assert.Empty(board.Stored.Committed);
        Assert.Equal(1, progress[^1]);
    }
}
