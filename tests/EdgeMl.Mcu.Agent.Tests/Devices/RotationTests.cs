using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Agent.Updates;
using EdgeMl.Mcu.Ota.Manifests;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>Publisher keys that follow one another on a device.</summary>
public class RotationTests
{
    [Fact]
    public void A_device_that_lacks_two_rotations_takes_one_at_a_time()
    {
        var world = new DeviceWorld();
        world.Install(TestModel.First);
        byte[] second = RotationBuilder.Build(TestModel.NextKey.HssPublicKey(), 1, TestModel.Sign(TestModel.Key));
        byte[] third = RotationBuilder.Build(TestModel.Key.HssPublicKey(), 2, TestModel.Sign(TestModel.NextKey));

        world.Relay.Order(new TestOrder(Model: null) { Rotations = [second] });
        world.RunUntil(() => world.Device.Agent!.Journal.KeyGeneration == 1);
        world.Install(TestModel.Second, new TestOrder(TestModel.Second) { Rotations = [third] });

        Assert.Equal(2, world.Device.Agent!.Journal.KeyGeneration);
        byte[] trusted = new byte[ManifestFormat.PublicKeyBytes];
        world.Device.Agent.Journal.CopyPublisherKey(trusted, 0);
        Assert.Equal(TestModel.Key.HssPublicKey(), trusted);
    }

    [Fact]
    public void A_rotation_without_a_manifest_that_is_refused_shows_in_the_status()
    {
        var world = new DeviceWorld();
        world.Install(TestModel.First);

        world.Relay.Order(new TestOrder(Model: null) { Rotations = [RotationBuilder.Build(TestModel.NextKey.HssPublicKey(), 2, TestModel.Sign(TestModel.Key))] });
        world.RunUntil(() => world.Relay.Statuses[^1].Error != 0);

        Assert.Equal(((int)UpdateState.Idle, (int)AgentError.RotationGeneration), (world.Relay.Statuses[^1].State, world.Relay.Statuses[^1].Error));
        Assert.True(world.Runs(TestModel.First));
        world.Install(TestModel.Second);
    }
}
