using EdgeMl.Mcu.Agent.Results;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Bench.Flash;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>The store of results under power cuts at every storage operation.</summary>
public class ResultStoreTests(ITestOutputHelper log)
{
    private const int CellBytes = 64;
    private const int Records = 6;
    private const int Wanted = 25;

    // Indices of announcements: the highest number that is durable, and the highest that was forgotten.
    private const int Durable = 0;
    private const int Forgotten = 1;

    [Theory]
    [InlineData("files")]
    [InlineData("pages")]
    public void A_durable_result_waits_until_it_is_forgotten_or_its_place_is_needed_and_no_number_is_given_twice(string memory)
    {
        SimulatedMemory kind = memory == "files" ? new FileMemory() : new PageMemory(256, 0xFF, [256, 256, 256, 256, 256, 256, 256, 1024, 1024]);

        PowerCutReport report = new PowerCutSimulator(kind, Run).Run(kind.Blank, cuts: 2);

        log.WriteLine(report.ToString());
        Assert.True(report.FailureCount == 0, string.Join('\n', report.Failures));
        Assert.True(report.Operations > 2 * Wanted, report.ToString());
    }

    [Fact]
    public void A_number_that_the_relay_knows_is_not_given_by_a_store_that_lost_its_files()
    {
        ResultStore store = Open(new SimulatedFiles(), new byte[CellBytes]);
        store.Forget(41);

        Assert.Equal((42, 0), (store.NextSequence, store.Count));
    }

    private static void Run(FileStore files, Announcements announced)
    {
        byte[] buffer = new byte[CellBytes];
        ResultStore store = Open(files, buffer);
        Assert.True(store.NextSequence > announced[Durable], $"number {store.NextSequence} was given before");
        long[] waiting = Read(store, buffer);
        Assert.Equal(waiting.Distinct().Order(), waiting);
        // A cut may cost the one in work, and the oldest make room; what is newer than that was durable and is there.
        for (long number = Math.Max(announced[Forgotten] + 1, announced[Durable] - Records + 1); number <= announced[Durable]; number++)
            Assert.Contains(number, waiting);
        while (store.NextSequence <= Wanted)
        {
            long number = store.NextSequence;
            Write(store, buffer, number);
            if (store.Append(9, Records))
                announced[Durable] = number;
            if (number % 5 == 0)
            {
                store.Forget(number - 2);
                announced[Forgotten] = number - 2;
            }
        }
        Assert.Equal(store.NextSequence - 1, Read(store, buffer).Last());
    }

    private static ResultStore Open(FileStore files, byte[] buffer)
    {
        var store = new ResultStore(files, buffer, 0, CellBytes, Records);
        store.Open();
        return store;
    }

    private static void Write(ResultStore store, byte[] buffer, long number)
    {
        buffer[store.BodyOffset] = 0x81;
        BitConverter.TryWriteBytes(buffer.AsSpan(store.BodyOffset + 1), number);
    }

    private static long[] Read(ResultStore store, byte[] buffer)
    {
        var numbers = new List<long>();
        store.Rewind();
        while (true)
        {
            int length = store.ReadNext(out long sequence);
            if (length < 0)
                return [.. numbers];
            Assert.Equal(9, length);
            Assert.Equal(sequence, BitConverter.ToInt64(buffer, store.BodyOffset + 1));
            numbers.Add(sequence);
        }
    }
}
