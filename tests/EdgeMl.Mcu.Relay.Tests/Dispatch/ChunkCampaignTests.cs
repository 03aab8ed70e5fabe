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
        campaign.Expect("a");
        campaign.Expect("b");
        campaign.Request("a", 0, 1, Ms(1));
        Assert.Empty(campaign.Due(Ms(2) + Timing.Window));

        campaign.Request("b", 0, 1, Ms(50));

        Assert.Equal([0], campaign.Due(Ms(50) + Timing.Window));
    }

    [Fact]
    public void One_device_alone_waits_for_nobody()
    {
        var campaign = new ChunkCampaign(1, Timing);
        campaign.Expect("a");
        campaign.Request("a", 0, 1, Ms(1));

        Assert.Equal([0], campaign.Due(Ms(1) + Timing.Window));
    }

    [Fact]
    public void A_device_that_will_not_come_is_not_waited_for()
    {
        var campaign = new ChunkCampaign(1, Timing);
        campaign.Expect("a");
        campaign.Expect("gone");
        campaign.Request("a", 0, 1, Ms(1));
        campaign.Forget("gone");

        Assert.Equal([0], campaign.Due(Ms(1) + Timing.Window));
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
    public void Chunks_that_the_blob_does_not_have_are_ignored()
    {
        var campaign = new ChunkCampaign(3, Timing);
        campaign.Request("a", 2, uint.MaxValue, Ms(1));

        Assert.Equal([2], campaign.Due(Ms(1) + Timing.Quiet));
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
