using EdgeMl.Mcu.Bench.Link;
using EdgeMl.Mcu.Link.Server;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Bench.Tests.Link;

/// <summary>Real pseudo terminals that damage, cut and break off what they carry: what is said to have arrived has arrived.</summary>
public sealed class DamagedLineTests(ITestOutputHelper log)
{
    private static readonly LinkOptions Quick = new() { FirstWait = TimeSpan.FromMilliseconds(15), LastWait = TimeSpan.FromMilliseconds(500), BaudRate = 4_000_000, Patience = TimeSpan.FromMinutes(2) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1 << 20, 0, 0, 0, 1)]
    [InlineData(1 << 20, 3e-5, 0.002, 0.002, 2)]
    [InlineData(1 << 20, 1e-4, 0.01, 0.01, 3)]
    [InlineData(100_000, 8e-4, 0.05, 0.05, 4)]
    public void A_file_arrives_over_a_line_that_damages_cuts_and_breaks_off(int count, double corruption, double truncation, double disconnect, int seed)
    {
        var board = new TestBoard();
        using var line = new TamperingLine(new Tampering(corruption, truncation, disconnect), seed, board, new LinkLimits());
        byte[] content = new byte[count];
        new Random(seed).NextBytes(content);
        using LinkClient client = LinkClient.Open(line.PortName, Quick);

        client.PutFile("content", content, cancellationToken: Token);

        Assert.Equal(content, board.Stored.Committed["content"]);
        Assert.True(corruption == 0 || line is { Damages: > 0, Breaks: > 0 });
        log.WriteLine($"{line.Damages} damages, {line.Breaks} breaks; the host repeated {client.Repeats} requests and opened the port {client.Reopened} times more, the device answered {line.RepeatsSeen} again");
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void A_model_that_came_over_a_bad_line_runs_bit_for_bit(int seed)
    {
        byte[] file = DenseModels.Compile(60_000, seed).Bytes;
        using var line = new TamperingLine(new Tampering(2e-4, 0.02, 0.02), seed, new TestBoard(), new LinkLimits());
        using LinkClient client = LinkClient.Open(line.PortName, Quick);
        client.PutModel(file, cancellationToken: Token);
        var interpreter = new Interpreter(Model.Load(file));
        for (int sample = 0; sample < 20; sample++)
        {
            byte[] input = new byte[64];
            new Random(sample).NextBytes(input);
            byte[] expected = new byte[10];
            interpreter.SetInput(0, input);
            interpreter.Invoke();
            interpreter.GetOutput(0, expected);

            Assert.Equal(expected, client.Run(input, cancellationToken: Token).Outputs);
        }
    }

    [Theory]
    [InlineData(0.02, 7)]
    [InlineData(0.2, 8)]
    [InlineData(1, 9)]
    public void A_line_that_is_too_bad_ends_with_an_error_and_nothing_half_stored(double corruption, int seed)
    {
        var board = new TestBoard();
        using var line = new TamperingLine(new Tampering(corruption, 0.1, 0.05), seed, board, new LinkLimits());
        using LinkClient client = LinkClient.Open(line.PortName, Quick with { Patience = TimeSpan.FromSeconds(1), LongPatience = TimeSpan.FromSeconds(1) });

        BenchException error = Assert.ThrowsAny<BenchException>(() => client.PutFile("content", new byte[100_000], cancellationToken: Token));

        Assert.Equal(LinkErrorCodes.NoAnswer, error.Code);
        Assert.Empty(board.Stored.Committed);
    }

    [Fact]
    public void A_line_that_breaks_in_the_middle_for_good_ends_with_an_error_and_another_client_goes_on_there()
    {
        var board = new TestBoard();
        using var line = new TamperingLine(new Tampering(0, 0, 0), 10, board, new LinkLimits());
        byte[] content = new byte[100_000];
        new Random(10).NextBytes(content);
        var seen = new List<double>();
        using (LinkClient client = LinkClient.Open(line.PortName, Quick with { Patience = TimeSpan.FromMilliseconds(300) }))
        {
            Assert.Equal(LinkErrorCodes.NoAnswer, Assert.Throws<LinkException>(() => client.PutFile("content", content, done => line.IsCut = done > 0.5, Token)).Code);
        }
        line.IsCut = false;
        using LinkClient second = LinkClient.Open(line.PortName, Quick);

        second.PutFile("content", content, seen.Add, Token);

        Assert.True(seen[0] > 0.5);
        Assert.Equal(content, board.Stored.Committed["content"]);
    }
}
