using EdgeMl.Mcu.Relay.Dispatch;

namespace EdgeMl.Mcu.Relay.Tests.Dispatch;

public class ChunkCampaignTests
{
    private static readonly ChunkTiming Timing = ChunkTiming.Default;

    [Fact]
    public void Devices_that_ask_together_get_one_publish()
    {
        var campaign = new ChunkCampaign(8, Timing);
        for (int device = 0; device < 100; device++)
            campaign.Request($"d{device}", 0, 0b1111, Ms(device));

        Assert.Equal([0, 1, 2, 3], campaign.Due(Ms(100) + Timing.Quiet));
        Assert.Empty(campaign.Due(Ms(200) + Timing.Quiet));
    }

    [Fact]
    public void The_first_publish_waits_for_devices_that_are_expected()
    {
        var campaign = new ChunkCampaign(1, Timing);
        campaign.Expect("a", Ms(0));
        campaign.Expect("b", Ms(0));
        campaign.Request("a", 0, 1, Ms(1));
        Assert.Empty(campaign.Due(Ms(1) + Timing.Settle));

        campaign.Request("b", 0, 1, Ms(200));

        Assert.Equal([0], campaign.Due(Ms(200) + Timing.Window));
    }

    [Fact]
    public void The_first_publish_waits_as_long_as_devices_are_told()
    {
        var campaign = new ChunkCampaign(1, Timing);
        campaign.Expect("a", Ms(1));
        campaign.Request("a", 0, 1, Ms(2));
        Assert.Empty(campaign.Due(Ms(2) + Timing.Window));

        campaign.Expect("b", Ms(50));
        campaign.Request("b", 0, 1, Ms(51));

        Assert.Empty(campaign.Due(Ms(2) + Timing.Settle));
        Assert.Equal([0], campaign.Due(Ms(50) + Timing.Settle));
    }

    [Fact]
    public void Every_wave_waits_for_the_slowest_device()
    {
        var campaign = new ChunkCampaign(2, Timing);
        campaign.Request("fast", 0, 1, Ms(0));
        campaign.Request("slow", 0, 1, Ms(0));
        Assert.Equal([0], campaign.Due(Ms(100)));
        campaign.Request("fast", 1, 1, Ms(200));
        Assert.Empty(campaign.Due(Ms(1000)));

        campaign.Request("slow", 1, 1, Ms(1100));

        Assert.Equal([1], campaign.Due(Ms(1100)));
    }

    [Fact]
    public void A_device_that_is_late_is_not_waited_for_in_the_next_wave()
    {
        var campaign = new ChunkCampaign(3, Timing);
        campaign.Request("here", 0, 1, Ms(0));
        campaign.Request("gone", 0, 1, Ms(0));
        campaign.Due(Ms(100));
        campaign.Request("here", 1, 1, Ms(200));
        Assert.Equal([1], campaign.Due(Ms(200) + Timing.Quiet));

        campaign.Request("here", 2, 1, Ms(300) + Timing.Quiet);

        Assert.Equal([2], campaign.Due(Ms(300) + Timing.Quiet + Timing.Window));
    }

    [Fact]
    public void Repeats_wait_for_the_end_of_what_is_new()
    {
        var campaign = new ChunkCampaign(2, Timing);
        campaign.Request("a", 0, 1, Ms(0));
        campaign.Request("b", 0, 1, Ms(0));
        campaign.Due(Ms(100));
        campaign.Request("a", 0, 0b11, Ms(1100));
        campaign.Request("b", 1, 1, Ms(1100));
        Assert.Equal([1], campaign.Due(Ms(1200)));
        Assert.Empty(campaign.Due(Ms(1300)));

        campaign.Request("a", 0, 1, Ms(1400));

        Assert.Equal([0], campaign.Due(Ms(1400) + Timing.Quiet));
        Assert.False(campaign.HasWork);
    }

    [Fact]
    public void A_repeat_is_published_also_if_nobody_asks_any_more()
    {
        var campaign = new ChunkCampaign(2, Timing);
        campaign.Request("a", 0, 1, Ms(0));
        campaign.Due(Ms(100));
        campaign.Request("a", 0, 0b11, Ms(1100));
        Assert.Equal([1], campaign.Due(Ms(1200)));

        Assert.Equal([0], campaign.Due(Ms(1200) + Timing.RepeatMax));
    }

    [Fact]
    public void Where_messages_take_long_later_requests_count_as_crossed()
    {
        var campaign = new ChunkCampaign(2, Timing);
        campaign.Expect("a", Ms(1));
        campaign.Request("a", 0, 1, Ms(3000));
        Assert.Equal([0], campaign.Due(Ms(3100)));

        campaign.Request("a", 0, 1, Ms(8000));
        Assert.False(campaign.HasWork);
        campaign.Request("a", 0, 1, Ms(9200));

        Assert.True(campaign.HasWork);
    }

    [Fact]
    public void One_device_alone_waits_for_nobody()
    {
        var campaign = new ChunkCampaign(1, Timing);
        campaign.Expect("a", Ms(0));
        campaign.Request("a", 0, 1, Ms(1));

        Assert.Equal([0], campaign.Due(Ms(0) + Timing.Settle));
    }

    [Fact]
    public void A_device_that_will_not_come_is_not_waited_for()
    {
        var campaign = new ChunkCampaign(1, Timing);
        campaign.Expect("a", Ms(0));
        campaign.Expect("gone", Ms(0));
        campaign.Request("a", 0, 1, Ms(1));
        campaign.Forget("gone");

        Assert.Equal([0], campaign.Due(Ms(0) + Timing.Settle));
    }

    [Fact]
    public void A_request_that_crossed_the_chunk_is_not_answered_again()
    {
        var campaign = new ChunkCampaign(1, Timing);
        campaign.Request("a", 0, 1, Ms(1));
        Assert.Equal([0], campaign.Due(Ms(1) + Timing.Quiet));

        campaign.Request("a", 0, 1, Ms(2) + Timing.Quiet);

        Assert.False(campaign.HasWork);
    }

    [Fact]
    public void A_chunk_that_was_lost_is_published_again_when_it_is_asked_for_later()
    {
        var campaign = new ChunkCampaign(1, Timing);
        campaign.Request("a", 0, 1, Ms(1));
        campaign.Due(Ms(1) + Timing.Quiet);

        campaign.Request("a", 0, 1, Ms(1000) + Timing.Quiet);

        Assert.Equal([0], campaign.Due(Ms(1000) + Timing.Quiet + Timing.Window));
    }

    [Fact]
    public void A_device_that_is_told_of_the_blob_again_does_not_wait_longer_each_time()
    {
        var campaign = new ChunkCampaign(1, Timing);
        for (int order = 0; order < 5; order++)
        {
            TimeSpan start = Ms(1 + (order * 20_000));
            campaign.Expect("a", start);
            campaign.Request("a", 0, 1, start + Ms(10));

            Assert.Equal([0], campaign.Due(start + Timing.Settle + Timing.Window));
        }
    }

    [Fact]
    public void Chunks_that_the_blob_does_not_have_are_ignored()
    {
        var campaign = new ChunkCampaign(3, Timing);
        campaign.Request("a", 2, uint.MaxValue, Ms(1));

        Assert.Equal([2], campaign.Due(Ms(1) + Timing.Quiet));
    }

    [Theory]
    [InlineData(1, 0.4)]
    [InlineData(20, 0.2)]
    [InlineData(20, 0.4)]
    [InlineData(300, 0.2)]
    public void Devices_that_lose_messages_have_all_chunks_after_some_waves(int count, double loss)
    {
        const int Chunks = 24;
        var random = new Random(count);
        var campaign = new ChunkCampaign(Chunks, Timing);
        LossyDevice[] devices = [.. Enumerable.Range(0, count).Select(number => new LossyDevice($"d{number}", Chunks, loss, random))];
        int published = 0;
        int milliseconds = 1;
        for (; devices.Any(device => !device.IsComplete) && milliseconds < 600_000; milliseconds += 10)
        {
            foreach (LossyDevice device in devices)
                device.AskIfDue(campaign, milliseconds);
            foreach (int chunk in campaign.Due(Ms(milliseconds)))
            {
                published++;
                foreach (LossyDevice device in devices)
                    device.Take(chunk, milliseconds);
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{count} devices, {loss:P0} lost: {milliseconds / 1000.0:F1} s, {published} publishes of {Chunks} chunks");
        Assert.InRange(milliseconds, 0, 120_000);
        Assert.InRange(published, Chunks, Chunks * 15);
    }

    /// <summary>Asks as the agent does: for four chunks at once, and again after a wait that doubles from 0.2 to 5 s until one comes.</summary>
    private sealed class LossyDevice(string name, int chunks, double loss, Random random)
    {
        private readonly bool[] _present = new bool[chunks];
        private readonly HashSet<int> _asked = [];
        private int _wait = 200;
        private int _due;

        public bool IsComplete => _present.All(present => present);

        public void AskIfDue(ChunkCampaign campaign, int now)
        {
            if (IsComplete || now < _due)
                return;
            int first = Array.IndexOf(_present, false);
            _asked.Clear();
            _asked.UnionWith(Enumerable.Range(first, Math.Min(32, chunks - first)).Where(chunk => !_present[chunk]).Take(4));
            if (random.NextDouble() >= loss)
                campaign.Request(name, first, _asked.Aggregate(0u, (mask, chunk) => mask | (1u << (chunk - first))), Ms(now));
            Wait(now, _wait);
            _wait = Math.Min(_wait * 2, 5_000);
        }

        public void Take(int chunk, int now)
        {
            if (random.NextDouble() < loss || _present[chunk])
                return;
            _present[chunk] = true;
            _asked.Remove(chunk);
            _wait = 200;
            Wait(now, _asked.Count == 0 ? 0 : _wait);
        }

        private void Wait(int now, int wait) => _due = now + (int)(wait * (0.5 + random.NextDouble()));
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
