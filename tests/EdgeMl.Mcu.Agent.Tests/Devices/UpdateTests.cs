using System.Security.Cryptography;
using EdgeMl.Mcu.Ota.Encryption;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>Updates of a device without faults.</summary>
public class UpdateTests
{
    [Fact]
    public void A_blank_device_gets_its_first_model()
    {
        var world = new DeviceWorld();
        world.Relay.Order(new TestOrder(TestModel.First));

        world.RunUntil(() => world.Relay.Outcomes.ContainsKey(1));

        Assert.Equal([1, 2, 4, 5, 6], world.Relay.Statuses.Select(status => status.State).Distinct());
        Assert.True(world.Runs(TestModel.First));
        Assert.Equal(TestModel.First.Id, world.Relay.Outcomes[1].Running);
    }

    [Fact]
    public void A_second_model_takes_the_place_of_the_first_and_each_chunk_travels_once()
    {
        var world = new DeviceWorld();
        world.Install(TestModel.First);
        int sent = world.Relay.ChunksSent;

        world.Install(TestModel.Second);

        int chunks = (TestModel.Second.Stored.Length + 255) / 256 + (TestModel.Second.Manifest.Length + 1023) / 1024;
        Assert.Equal(chunks, world.Relay.ChunksSent - sent);
    }

    [Fact]
    public void An_outcome_is_repeated_over_reboots_until_it_is_acknowledged()
    {
        var world = new DeviceWorld();
        world.Relay.IsAcknowledging = false;
        world.Relay.Order(new TestOrder(TestModel.First));
        world.RunUntil(() => world.Relay.Outcomes.ContainsKey(1));
        int before = world.Relay.Statuses.Count(status => status.State == 6);

        world.RunFor(TimeSpan.FromMinutes(5));
        Assert.True(world.Relay.Statuses.Count(status => status.State == 6) > before + 2);

        world.Device.CutPower();
        world.Relay.Outcomes.Clear();
        world.RunUntil(() => world.Relay.Outcomes.ContainsKey(1));
        world.Relay.IsAcknowledging = true;
        world.RunUntil(() => world.Device.Agent!.Journal.Outcome == Agent.Storage.Outcome.None);
    }

    [Fact]
    public void A_delta_gives_the_model_without_its_chunks()
    {
        var next = new TestModel(TestModel.Compile(3), "1.1", content => content with { Labels = content.Labels.Add("note", "same model, other manifest") });
        var world = new DeviceWorld();
        world.Install(TestModel.First);
        int sent = world.Relay.ChunksSent;
        byte[] delta = next.DeltaFrom(TestModel.First);

        world.Install(next, new TestOrder(next) { Delta = (TestModel.First, delta) });

        Assert.Contains(world.Relay.Statuses, status => status.State == 3);
        Assert.Equal((delta.Length + 1023) / 1024 + (next.Manifest.Length + 1023) / 1024, world.Relay.ChunksSent - sent);
    }

    [Fact]
    public void A_delta_that_gives_something_else_is_replaced_by_the_whole_model()
    {
        var world = new DeviceWorld();
        world.Install(TestModel.First);

        world.Install(TestModel.Second, new TestOrder(TestModel.Second) { Delta = (TestModel.First, TestModel.Third.DeltaFrom(TestModel.First)) });
    }

    [Fact]
    public void An_encrypted_model_runs_on_the_device_whose_key_wraps_its_key_also_after_a_reboot()
    {
        byte[] key = SHA256.HashData("model key"u8)[..16];
        TestModel model = TestModel.Encrypted(TestModel.Second.Stored, key, "secret");
        var world = new DeviceWorld();

        world.Install(model, new TestOrder(model) { WrappedKey = Wrap(DeviceWorld.DeviceKey, key) });
        world.Device.CutPower();
        world.RunUntil(() => world.Device.Agent is not null);

        Assert.True(world.Runs(model));
        Assert.Equal(AgentError.KeyUnwrap, Refused(model, new TestOrder(model) { WrappedKey = Wrap(SHA256.HashData("other device"u8), key) }));
        Assert.Equal(AgentError.KeyMissing, Refused(model, new TestOrder(model)));
    }

    [Fact]
    public void An_encrypted_model_can_be_paged()
    {
        byte[] key = SHA256.HashData("model key"u8)[..16];
        TestModel model = TestModel.Encrypted(TestModel.Second.Stored, key, "secret");
        var world = new DeviceWorld(configure: settings => settings.PageBytesMax = 64 * 1024);

        world.Install(model, new TestOrder(model) { WrappedKey = Wrap(DeviceWorld.DeviceKey, key) });

        Assert.True(world.Device.Agent!.Interpreter.Model.PageBytes > 0);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_model_can_be_paged(int seed)
    {
        var world = new DeviceWorld(configure: settings => settings.PageBytesMax = 64 * 1024);

        world.Install(new TestModel(TestModel.Compile(seed), "paged"));

        Assert.True(world.Device.Agent!.Interpreter.Model.PageBytes > 0);
    }

    [Fact]
    public void A_failed_self_test_brings_the_former_model_back()
    {
        var bad = new TestModel(TestModel.WithWrongSelfTest(TestModel.Second.Stored), "bad");
        var world = new DeviceWorld();
        world.Install(TestModel.First);
        world.Relay.Order(new TestOrder(bad));

        world.RunUntil(() => world.Relay.Outcomes.ContainsKey(2));

        Assert.Equal((7, (int)AgentError.SelfTest), (world.Relay.Outcomes[2].State, world.Relay.Outcomes[2].Error));
        Assert.True(world.Runs(TestModel.First));
        Assert.NotNull(world.Device.Agent!.Interpreter);
        world.Install(TestModel.Second);
    }

    [Fact]
    public void A_device_goes_back_to_the_other_slot_on_order_without_a_download()
    {
        var world = new DeviceWorld();
        world.Install(TestModel.First);
        world.Install(TestModel.Second);
        int sent = world.Relay.ChunksSent;

        world.Install(TestModel.First, new TestOrder(TestModel.First) { IsRollback = true });

        Assert.Equal(sent, world.Relay.ChunksSent);
    }

    [Fact]
    public void An_order_that_was_carried_out_is_not_carried_out_again()
    {
        var world = new DeviceWorld();
        world.Install(TestModel.First);
        int sequence = world.Device.Agent!.Journal.Attempt;
        world.Device.CutPower();
        world.Relay.Outcomes.Clear();

        world.RunUntil(() => world.Relay.Outcomes.ContainsKey(1));

        Assert.Equal(sequence, world.Device.Agent!.Journal.Attempt);
        Assert.Equal(6, world.Relay.Outcomes[1].State);
    }

    [Fact]
    public void An_aborted_order_leaves_the_former_model_and_is_taken_up_again_where_it_stopped()
    {
        var world = new DeviceWorld();
        world.Install(TestModel.First);
        world.Relay.Order(new TestOrder(TestModel.Second));
        world.RunUntil(() => world.Device.State == Updates.UpdateState.FetchingModel && world.Relay.ChunksSent > 8);
        world.Relay.Order(new TestOrder(Model: null));
        world.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal(Updates.UpdateState.Idle, world.Device.State);
        Assert.True(world.Runs(TestModel.First));

        world.Install(TestModel.Second);
    }

    [Fact]
    public void A_device_that_was_away_for_three_versions_gets_the_last_one_only()
    {
        var world = new DeviceWorld();
        world.Install(TestModel.First);
        world.Link.SetOffline(true);
        world.RunFor(TimeSpan.FromDays(2));
        world.Relay.Order(new TestOrder(TestModel.Second));
        world.RunFor(TimeSpan.FromDays(2));
        world.Relay.Order(new TestOrder(TestModel.First));
        world.RunFor(TimeSpan.FromDays(2));
        world.Relay.Order(new TestOrder(TestModel.Third));
        world.Link.SetOffline(false);

        world.RunUntil(() => world.Runs(TestModel.Third) && world.Relay.Outcomes.ContainsKey(4));

        Assert.Equal([1, 4], world.Relay.Outcomes.Keys.Order());
    }

    private static AgentError Refused(TestModel model, TestOrder order)
    {
        var world = new DeviceWorld();
        world.Relay.Order(order);
        world.RunUntil(() => world.Relay.Outcomes.ContainsKey(1));
        Assert.Equal(8, world.Relay.Outcomes[1].State);
        Assert.False(world.Runs(model));
        return (AgentError)world.Relay.Outcomes[1].Error;
    }

    private static byte[] Wrap(byte[] deviceKey, byte[] key) => ModelEncryption.Wrap(key, deviceKey);
}
