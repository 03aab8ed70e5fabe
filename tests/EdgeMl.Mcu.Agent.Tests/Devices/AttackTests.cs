using System.Text.Json;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>Each attack of the fixture folders, on a whole device.</summary>
public class AttackTests
{
    private const string Root = "tests/EdgeMl.Mcu.Ota.Tests/Attacks";

    private static readonly byte[] Stored = File.ReadAllBytes(Repository.PathOf("docs/vectors/model.emlm"));

    public static TheoryData<string> Manifests => Folders(attack => !attack.HasTopic && attack.Files.Length == 1 && attack.Number != 0);

    public static TheoryData<string> BadChunks => Folders(attack => attack.Files.Contains("chunk.bin"));

    public static TheoryData<string> Orders => Folders(attack => attack.Files.Contains("order.bin"));

    [Theory]
    [MemberData(nameof(Manifests))]
    public void A_manifest_is_refused_with_its_number_and_nothing_of_the_model_is_asked_for(string name)
    {
        Attack attack = Attack.Read(name);
        DeviceWorld world = Start(attack);
        int attempt = world.Relay.Attempt + 1;
        world.Relay.Order(new TestOrder(new TestModel(Stored, attack.File("manifest.bin"))) { Time = attack.Time });

        world.RunUntil(() => world.Relay.Outcomes.ContainsKey(attempt));

        TestStatus outcome = world.Relay.Outcomes[attempt];
        Assert.Equal((8, attack.Number), (outcome.State, outcome.Error));
        Assert.DoesNotContain(world.Relay.Statuses, status => status.Attempt == attempt && status.State is 2 or 3 or 4 or 5);
        Assert.Equal(!attack.FixesInputs, world.Device.RunningId is not null);
    }

    [Theory]
    [MemberData(nameof(BadChunks))]
    public void A_bad_chunk_is_not_written_and_the_download_goes_on_when_the_attack_ends(string name)
    {
        Attack attack = Attack.Read(name);
        DeviceWorld world = Start(attack, isInstalled: false);
        var model = new TestModel(Stored, attack.File("manifest.bin"));
        string blob = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Stored).AsSpan(0, 16));
        int replaced = 0;
        world.Relay.Tamper = (of, chunk) => of == blob && replaced++ < 8 ? attack.File("chunk.bin") : chunk;

        world.Install(model, new TestOrder(model) { Time = attack.Time });

        AgentCounters counters = world.Device.Agent!.Counters;
        Assert.True(attack.Number == (int)AgentError.ChunkHash ? counters.Damaged > 0 : counters.Malformed > 0);
    }

    [Fact]
    public void Chunks_that_stay_damaged_end_the_attempt()
    {
        Attack attack = Attack.Read("altered-chunk");
        DeviceWorld world = Start(attack);
        var model = new TestModel(Stored, ManifestWithLabel());
        world.Relay.Tamper = (_, chunk) => [.. chunk[..^1], (byte)(chunk[^1] ^ 1)];
        int attempt = world.Relay.Attempt + 1;
        world.Relay.Order(new TestOrder(model) { Time = attack.Time });

        world.RunUntil(() => world.Relay.Outcomes.ContainsKey(attempt));

        Assert.Equal((int)AgentError.ChunkHash, world.Relay.Outcomes[attempt].Error);
        Assert.NotNull(world.Device.RunningId);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void An_order_under_another_key_or_topic_is_dropped_and_counted(string name)
    {
        Attack attack = Attack.Read(name);
        DeviceWorld world = Start(attack);
        world.Link.Deliver(attack.Topic!, attack.File("order.bin"));
        world.RunFor(TimeSpan.FromSeconds(5));

        Assert.Equal(1, world.Device.Agent!.Counters.Unverified);
        Assert.Equal(Updates.UpdateState.Confirmed, world.Device.State);
    }

    [Fact]
    public void A_rotation_brings_the_next_key_and_another_generation_is_refused()
    {
        var world = new DeviceWorld();
        world.Install(TestModel.First);
        var next = new TestModel(TestModel.Second.Stored, "rotated", key: TestModel.NextKey);
        byte[] rotation = RotationBuilder.Build(TestModel.NextKey.HssPublicKey(), 1, TestModel.Sign(TestModel.Key));

        world.Relay.Order(new TestOrder(next) { Rotations = [RotationBuilder.Build(TestModel.NextKey.HssPublicKey(), 2, TestModel.Sign(TestModel.Key))] });
        world.RunUntil(() => world.Relay.Outcomes.ContainsKey(2));
        Assert.Equal((int)AgentError.RotationGeneration, world.Relay.Outcomes[2].Error);

        world.Relay.Order(new TestOrder(next) { Rotations = [RotationBuilder.Build(TestModel.NextKey.HssPublicKey(), 1, TestModel.Sign(TestModel.NextKey))] });
        world.RunUntil(() => world.Relay.Outcomes.ContainsKey(3));
        Assert.Equal((int)AgentError.Rotation, world.Relay.Outcomes[3].Error);

        world.Install(next, new TestOrder(next) { Rotations = [rotation] });
        Assert.Equal(1, world.Device.Agent!.Journal.KeyGeneration);
        world.Relay.Order(new TestOrder(TestModel.Third) { Rotations = [rotation] });
        world.RunUntil(() => world.Relay.Outcomes.ContainsKey(5));
        Assert.Equal((int)AgentError.Signature, world.Relay.Outcomes[5].Error);
    }

    private static byte[] ManifestWithLabel() => new TestModel(Stored, "1").Manifest;

    /// <summary>A device of the attack's description, which runs the model of the good manifest unless its inputs are fixed to others.</summary>
    private static DeviceWorld Start(Attack attack, bool isInstalled = true)
    {
        var world = new DeviceWorld(new VirtualDeviceOptions(), attack.Configure);
        if (!isInstalled || attack.FixesInputs)
            return world;
        var good = new TestModel(Stored, Attack.Read("valid").File("manifest.bin"));
        world.Install(good, new TestOrder(good) { Time = attack.Time });
        Assert.Equal(5, world.Device.Agent!.Journal.Epoch);
        return world;
    }

    private static TheoryData<string> Folders(Func<Attack, bool> isChosen) =>
        [.. Directory.EnumerateDirectories(Repository.PathOf(Root)).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal).Where(name => isChosen(Attack.Read(name)))];

    /// <summary>The <c>expected.json</c> of a folder.</summary>
    private sealed class Attack(string name, JsonElement expected)
    {
        public int Number => expected.GetProperty("number").GetInt32();

        public bool HasTopic => Topic is not null;

        public string? Topic => expected.GetProperty("topic").GetString();

        public long Time => expected.GetProperty("time").GetInt64();

        public bool FixesInputs => Device.GetProperty("inputs").ValueKind != JsonValueKind.Null;

        public string[] Files => [.. expected.GetProperty("files").EnumerateArray().Select(file => file.GetString()!)];

        private JsonElement Device => expected.GetProperty("device");

        public static Attack Read(string name) => new(name, JsonDocument.Parse(System.IO.File.ReadAllBytes(Repository.PathOf($"{Root}/{name}/expected.json"))).RootElement);

        public byte[] File(string file) => System.IO.File.ReadAllBytes(Repository.PathOf($"{Root}/{name}/{file}"));

        public void Configure(AgentSettings settings)
        {
            settings.Device = Device.GetProperty("id").GetString();
            settings.DeviceKey = Convert.FromHexString(expected.GetProperty("deviceKey").GetString()!);
            settings.PublisherKey = Convert.FromHexString(expected.GetProperty("publicKey").GetString()!);
            settings.ModelRamBytes = Device.GetProperty("modelRamBytes").GetInt32();
            settings.SlotBytes = Device.GetProperty("slotBytes").GetInt32();
            if (FixesInputs)
                settings.Inputs = [new ManifestTensor(TensorType.Float32, [3])];
        }
    }
}
