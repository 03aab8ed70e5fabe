using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Models;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>Models that came on the device with its application.</summary>
public class LocalModelTests
{
    private static readonly byte[] Factory = TestModel.Compile(7);
    private static readonly byte[] Economy = TestModel.Compile(8);

    [Fact]
    public void A_blank_device_runs_its_factory_model_and_says_so()
    {
        DeviceWorld world = World(Factory);

        world.RunUntil(() => world.Relay.Hellos > 0);

        Assert.Equal((LocalModel.Factory, Slot.None), (world.Device.Agent!.Local, world.Device.Agent.Running));
        Assert.NotNull(world.Device.Agent.Interpreter);
        Assert.Equal((0, (int)LocalModel.Factory), RunningAndLocal(world));
    }

    [Fact]
    public void An_update_takes_the_place_of_the_factory_model_also_after_a_restart()
    {
        DeviceWorld world = World(Factory);

        world.Install(TestModel.First);
        world.Device.CutPower();
        int hellos = world.Relay.Hellos;
        world.RunUntil(() => world.Relay.Hellos > hellos);

        Assert.Equal(LocalModel.None, world.Device.Agent!.Local);
        Assert.True(world.Runs(TestModel.First));
        Assert.Equal((32, 0), RunningAndLocal(world));
    }

    [Fact]
    public void The_factory_model_runs_again_after_an_update_that_failed()
    {
        DeviceWorld world = World(Factory);
        var bad = new TestModel(TestModel.WithWrongSelfTest(TestModel.Compile(3)), "bad");

        world.Relay.Order(new TestOrder(bad));
        world.RunUntil(() => world.Relay.Outcomes.ContainsKey(1));

        Assert.Equal((int)AgentError.SelfTest, world.Relay.Outcomes[1].Error);
        Assert.Equal(LocalModel.Factory, world.Device.Agent!.Local);
        Assert.NotNull(world.Device.Agent.Interpreter);
    }

    [Fact]
    public void A_damaged_factory_model_is_reported_by_its_number_and_an_update_mends_it()
    {
        byte[] damaged = [.. Factory];
        damaged[^1] ^= 1;
        DeviceWorld world = World(damaged);

        world.RunUntil(() => world.Relay.Statuses.Count > 0);

        Assert.Equal((0, (int)Error.Checksum), (world.Relay.Statuses[0].State, world.Relay.Statuses[0].Error));
        Assert.Equal((0, 0), RunningAndLocal(world));
        world.Install(TestModel.First);
    }

    [Fact]
    public void A_factory_model_that_needs_too_much_memory_is_refused()
    {
        DeviceWorld world = World(Factory, configure: settings => settings.ModelRamBytes = 1);

        world.RunUntil(() => world.Relay.Statuses.Count > 0);

        Assert.Equal((int)AgentError.Ram, world.Device.Agent!.LastError);
        Assert.Null(world.Device.Agent.Interpreter);
    }

    [Fact]
    public void The_economy_model_runs_in_place_of_the_confirmed_one_and_gives_it_back()
    {
        DeviceWorld world = World(Factory, Economy);
        world.Install(TestModel.First);
        Model usual = world.Device.Agent!.Interpreter.Model;

        Assert.Equal(0, world.Device.Agent.SetEconomy(true));

        Assert.Equal(LocalModel.Economy, world.Device.Agent.Local);
        Assert.Equal(new Interpreter(Load(Economy)).Model.ArenaBytes, world.Device.Agent.Interpreter.Model.ArenaBytes);
        Assert.True(world.Runs(TestModel.First));
        Assert.Equal(0, world.Device.Agent.SetEconomy(false));
        Assert.Equal((LocalModel.None, usual.ArenaBytes), (world.Device.Agent.Local, world.Device.Agent.Interpreter.Model.ArenaBytes));
    }

    [Fact]
    public void An_update_is_tried_and_confirmed_while_the_economy_model_runs_which_runs_on()
    {
        DeviceWorld world = World(Factory, Economy);
        world.RunUntil(() => world.Relay.Hellos > 0);
        world.Device.Agent!.SetEconomy(true);

        world.Install(TestModel.First);

        Assert.Equal(LocalModel.Economy, world.Device.Agent.Local);
        world.Device.Agent.SetEconomy(false);
        Assert.Equal((LocalModel.None, Slot.A), (world.Device.Agent.Local, world.Device.Agent.Running));
    }

    [Fact]
    public void A_damaged_economy_model_leaves_the_usual_one_in_place()
    {
        byte[] damaged = [.. Economy];
        damaged[^1] ^= 1;
        DeviceWorld world = World(Factory, damaged);
        world.RunUntil(() => world.Relay.Hellos > 0);

        Assert.Equal((int)Error.Checksum, world.Device.Agent!.SetEconomy(true));

        Assert.Equal(LocalModel.Factory, world.Device.Agent.Local);
    }

    private static DeviceWorld World(byte[] factory, byte[]? economy = null, Action<AgentSettings>? configure = null) =>
        new(new VirtualDeviceOptions { CanLosePower = true }, settings =>
        {
            settings.FactoryModel = new MemorySource(factory);
            settings.EconomyModel = economy is null ? null : new MemorySource(economy);
            configure?.Invoke(settings);
        });

    private static Model Load(byte[] file)
    {
        Assert.Equal(Error.None, Model.TryLoad(file, out Model model));
        return model;
    }

    /// <summary>Bytes of the id that runs, and which local model, in the last hello.</summary>
    private static (int Running, int Local) RunningAndLocal(DeviceWorld world)
    {
        var reader = new CborReader();
        reader.Reset(world.Relay.LastHello, 0, world.Relay.LastHello.Length);
        int pairs = reader.ReadMap();
        (int running, int local, int key) = (-1, 0, -1);
        for (int i = 0; i < pairs; i++)
        {
            key = reader.ReadKey(key);
            if (key == 9)
                running = reader.ReadBytes();
            else if (key == 12)
                local = reader.ReadInteger(0, 255);
            else
                reader.Skip();
        }
        Assert.True(reader.Finish());
        return (running, local);
    }
}
