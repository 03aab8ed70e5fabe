using EdgeMl.Mcu.Agent.Messages;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>Anything at all on the topics of a device: it drops and counts, and works on.</summary>
public class MalformedMessageTests
{
    private const int Messages = 4_000;

    [Fact]
    public void Bytes_that_are_no_envelopes_change_nothing()
    {
        var world = new DeviceWorld();
        world.Install(TestModel.First);
        string[] topics = [world.Relay.Topics.Desired, world.Relay.Topics.Acknowledgement];
        var random = new Random(1);
        for (int i = 0; i < Messages; i++)
        {
            string topic = topics[random.Next(2)];
            byte[] message = random.Next(3) == 0 ? Noise(random) : Mutate(world.Relay.Seal(topic, world.Relay.Desired()), random);
            world.Link.Deliver(topic, message);
            Drain(world);
        }

        Assert.Equal(Messages, world.Device.Agent!.Counters.Unverified);
        Assert.True(world.Runs(TestModel.First));
        world.Install(TestModel.Second);
    }

    [Fact]
    public void Sealed_bodies_that_are_malformed_do_not_keep_the_device_from_the_next_order()
    {
        var world = new DeviceWorld();
        world.Install(TestModel.First);
        var random = new Random(2);
        for (int i = 0; i < Messages; i++)
        {
            bool isDesired = random.Next(2) == 0;
            byte[] body = isDesired ? world.Relay.Desired() : TestBodies.Acknowledgement(new byte[8], i, i, 0);
            world.Relay.Send(isDesired ? world.Relay.Topics.Desired : world.Relay.Topics.Acknowledgement, random.Next(4) == 0 ? Noise(random) : Mutate(body, random));
            Drain(world);
        }

        Assert.True(world.Device.Agent!.Counters.Malformed > Messages / 10);
        Assert.True(world.Runs(TestModel.First));
        world.Device.CutPower();
        world.Install(TestModel.Second);
    }

    [Fact]
    public void Chunks_that_are_malformed_are_dropped_and_the_download_goes_on()
    {
        var world = new DeviceWorld();
        var random = new Random(3);
        bool isClean = false;
        world.Relay.Tamper = (_, chunk) => isClean || random.Next(3) == 0 ? chunk : random.Next(2) == 0 ? Noise(random) : chunk[..random.Next(chunk.Length)];
        world.Relay.Order(new TestOrder(TestModel.First));
        world.RunUntil(() => world.Device.Agent?.Counters.Malformed > 3);
        isClean = true;

        world.RunUntil(() => world.Runs(TestModel.First));
    }

    [Fact]
    public void A_message_of_another_session_or_an_older_one_is_stale()
    {
        var world = new DeviceWorld();
        world.Install(TestModel.First);
        byte[] old = world.Relay.Desired();
        byte[] newer = world.Relay.Desired();

        world.Relay.Send(world.Relay.Topics.Desired, newer);
        Drain(world);
        int before = world.Device.Agent!.Counters.Stale;
        world.Relay.Send(world.Relay.Topics.Desired, old);
        world.Relay.Send(world.Relay.Topics.Desired, newer);
        world.Relay.Send(world.Relay.Topics.Acknowledgement, TestBodies.Acknowledgement(new byte[8], 1_000_000, 1, 1));
        Drain(world);

        Assert.Equal(before + 3, world.Device.Agent.Counters.Stale);
    }

    [Fact]
    public void A_message_for_which_there_is_no_room_is_dropped()
    {
        var inbox = new Inbox(new DeviceTopics("f", "d"), 100);

        Assert.True(inbox.Add("edgeml/f/down/d/ack", new byte[60], 0, 60));
        Assert.False(inbox.Add("edgeml/f/down/d/ack", new byte[60], 0, 60));
        Assert.False(inbox.Add("edgeml/f/down/other/ack", [], 0, 0));
        Assert.Equal(1, inbox.Dropped);
        Assert.Equal(MessageKind.Acknowledgement, inbox.Take());
        inbox.Release();
        Assert.True(inbox.IsEmpty);
    }

    private static void Drain(DeviceWorld world)
    {
        while (!world.Link.Inbox.IsEmpty)
            world.Device.Step();
        while (world.Link.Uplink.TryDequeue(out _))
        {
        }
    }

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(200)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>A copy that differs in some bytes, or in its length.</summary>
    private static byte[] Mutate(byte[] message, Random random)
    {
        byte[] changed = [.. message];
        for (int i = random.Next(1, 4); i > 0; i--)
            changed[random.Next(changed.Length)] ^= (byte)random.Next(1, 256);
        int cut = random.Next(changed.Length);
        byte[] result = random.Next(3) switch
        {
            0 => changed,
            1 => changed[..cut],
            _ => [.. changed[..cut], .. changed[(cut / 2)..]],
        };
        return result.SequenceEqual(message) ? changed[1..] : result;
    }
}
