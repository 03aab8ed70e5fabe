using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Bench.Flash;

namespace EdgeMl.Mcu.Bench.Tests.Flash;

/// <summary>The simulator finds what devices do wrong.</summary>
public class PowerCutSimulatorTests
{
    private const int Told = 0;

    [Fact]
    public void A_device_that_tells_before_it_flushes_is_found()
    {
        Assert.Equal(0, Try(1, (store, announced) => Increase(store, announced, flush: true)).FailureCount);
        Assert.NotEqual(0, Try(1, (store, announced) => Increase(store, announced, flush: false)).FailureCount);
    }

    [Fact]
    public void A_device_that_goes_wrong_after_two_cuts_only_is_found_with_two()
    {
        // Each start adds a byte and then empties the file, so two bytes are met only where two starts were cut between the two.
        static void Device(FileStore store, Announcements announced)
        {
            int length = Math.Max(0, store.Length(StoreFile.ModelA));
            if (length == 2)
                throw new InvalidOperationException("two starts were cut");
            Assert.True(store.Open(StoreFile.ModelA));
            Assert.True(store.Write(StoreFile.ModelA, length, [1], 0, 1) && store.Flush(StoreFile.ModelA));
            Assert.True(store.Delete(StoreFile.ModelA) && store.Open(StoreFile.ModelA) && store.Flush(StoreFile.ModelA));
        }

        Assert.Equal(0, Try(1, Device).FailureCount);
        PowerCutReport report = Try(2, Device);

        Assert.NotEqual(0, report.FailureCount);
        Assert.Contains("variant", report.Failures[0], StringComparison.Ordinal);
        Assert.Contains(", then cut at [", report.Failures[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_operation_is_cut_in_every_variant()
    {
        // Create: lost or kept. Write: create kept or not x 6 endings, and create torn. Flush: the same. In the end nothing is left to lose.
        PowerCutReport report = Try(1, (store, _) => Assert.True(store.Open(0) && store.Write(0, 0, [1, 2, 3, 4], 0, 4) && store.Flush(0)));

        Assert.Equal(3, report.Operations);
        Assert.Equal([2 + 13 + 13 + 1], report.Points);
    }

    [Fact]
    public void A_byte_programmed_twice_is_found()
    {
        var pages = new SimulatedPages(SimulatedPages.Blank(256, 2, 0x00), 256, 0x00);
        Assert.True(pages.Program(10, [1, 2], 0, 2));
        Assert.True(pages.Program(12, [3], 0, 1));

        Assert.Throws<InvalidOperationException>(() => pages.Program(11, [4], 0, 1));
        Assert.Throws<InvalidOperationException>(() => pages.Program(255, [4, 5], 0, 2));
        Assert.True(pages.ErasePage(0));
        Assert.True(pages.Program(11, [4], 0, 1));
    }

    [Fact]
    public void A_cut_ends_the_operation_and_leaves_one_of_its_variants()
    {
        for (int variant = 0; variant < 13; variant++)
        {
            var power = new PowerSupply { CutAt = 5, CutVariant = variant };
            var files = new SimulatedFiles(null, power);
            Assert.True(files.Open(0) && files.Write(0, 0, [1, 2, 3, 4], 0, 4) && files.Flush(0));
            Assert.True(files.Write(0, 4, [5, 6], 0, 2));

            Assert.Throws<PowerCutException>(() => files.Write(0, 6, [7, 8], 0, 2));

            Assert.InRange(files.Length(0), 4, 8);
            Assert.False(files.Read(0, 0, new byte[4], 0, 4));
            byte[] kept = files.ReadAll(0)!;
            Assert.Equal([1, 2, 3, 4], kept[..4]);
            if (variant is 0 or 7)
                Assert.Equal((byte[])(variant == 0 ? [1, 2, 3, 4] : [1, 2, 3, 4, 5, 6, 7, 8]), kept);
        }
    }

    [Fact]
    public void A_full_disk_fails_the_write_and_leaves_undefined_bytes_in_its_range_only()
    {
        var files = new SimulatedFiles { FullAtWrite = 2, CapacityBytes = 10 };
        Assert.True(files.Open(0) && files.Write(0, 0, [1, 2, 3, 4], 0, 4));

        Assert.False(files.Write(0, 2, [9, 9], 0, 2));
        Assert.True(files.Write(0, 2, [3, 4, 5, 6], 0, 4));
        Assert.False(files.Write(0, 6, [7, 8, 9, 10, 11], 0, 5));

        Assert.Equal([1, 2, 3, 4, 5, 6], files.ReadAll(0)![..6]);
    }

    private static PowerCutReport Try(int cuts, Action<FileStore, Announcements> device) =>
        new PowerCutSimulator(new FileMemory(), device).Run(SimulatedFiles.Blank, cuts);

    /// <summary>Adds a byte to a file, tells how many there are, and at each start finds at least as many as it told.</summary>
    private static void Increase(FileStore store, Announcements announced, bool flush)
    {
        Assert.True(store.Open(StoreFile.ModelA));
        int length = store.Length(StoreFile.ModelA);
        Assert.True(length >= announced[Told], "what was told is lost");
        Assert.True(store.Write(StoreFile.ModelA, length, [1], 0, 1) && (!flush || store.Flush(StoreFile.ModelA)));
        announced[Told] = length + 1;
        Assert.True(store.Open(StoreFile.ModelB) && store.Flush(StoreFile.ModelB));
    }
}
