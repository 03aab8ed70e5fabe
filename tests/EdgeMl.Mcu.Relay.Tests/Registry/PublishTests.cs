using EdgeMl.Mcu.Ota;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Tests.Support;

namespace EdgeMl.Mcu.Relay.Tests.Registry;

public class PublishTests
{
    [Fact]
    public async Task What_was_published_is_described_and_publishing_it_again_changes_nothing()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        TestModel model = TestModels.Good(1);

        ArtifactInfo first = await relay.PublishAsync(model);
        ArtifactInfo second = await relay.PublishAsync(model);

        Assert.Equal(first, second);
        Assert.Equal((model.IdHex, TestModels.Name, "1", model.Stored.Length), (first.Id, first.Name, first.Version, (int)first.LengthBytes));
        Assert.Single(await relay.Client.ArtifactsAsync());
    }

    [Fact]
    public async Task A_leaf_that_has_signed_another_manifest_is_refused()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        await relay.PublishAsync(TestModels.Good(1));

        await ExpectAsync(relay, RelayErrorCodes.IndexReused, TestModels.Good(2, leaf: 1));

        Assert.Single(await relay.Client.ArtifactsAsync());
    }

    [Fact]
    public async Task A_manifest_of_another_publisher_is_refused()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        await ExpectAsync(relay, OtaErrorCodes.Signature, TestModels.Good(1, key: TestModels.KeyOf("somebody else")));
    }

    [Fact]
    public async Task A_manifest_that_the_former_key_has_signed_is_refused_after_a_rotation()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        byte[] next = TestModels.KeyOf("next").HssPublicKey();
        byte[] rotation = RotationBuilder.Build(next, 1, message => TestModels.Key.HssSign(900, message, new byte[24]));

        Assert.Equal(1, (await relay.Client.RotatePublisherKeyAsync(rotation)).Generation);
        Assert.Equal(1, (await relay.Client.RotatePublisherKeyAsync(rotation)).Generation);

        await ExpectAsync(relay, RelayErrorCodes.WrongPublisherKey, TestModels.Good(1));
        Assert.Equal(1, (await relay.PublishAsync(TestModels.Good(2, key: TestModels.KeyOf("next")))).KeyGeneration);
    }

    [Fact]
    public async Task A_manifest_whose_time_is_over_is_refused()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        await ExpectAsync(relay, OtaErrorCodes.Expired, TestModels.Good(1, content => content with { Expires = DateTimeOffset.UtcNow.AddSeconds(-1) }));
    }

    [Fact]
    public async Task A_model_that_was_not_signed_is_refused()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        TestModel model = TestModels.Good(1);

        await ExpectAsync(relay, OtaErrorCodes.ModelHash, model with { Stored = TestModels.Good(2).Stored });
        await ExpectAsync(relay, OtaErrorCodes.ModelHash, model with { Stored = model.Stored[..^1] });
    }

    [Fact]
    public async Task A_damaged_manifest_is_refused_whatever_byte_it_is()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        TestModel model = TestModels.Good(1);
        var random = new Random(5);
        for (int i = 0; i < 60; i++)
        {
            byte[] manifest = [.. model.Manifest];
            manifest[random.Next(manifest.Length)] ^= (byte)(1 << random.Next(8));
            RelayException failure = await Assert.ThrowsAsync<RelayException>(() => relay.PublishAsync(model with { Manifest = manifest }));
            Assert.Equal(422, failure.StatusCode);
        }
        Assert.Empty(await relay.Client.ArtifactsAsync());
    }

    [Fact]
    public async Task Name_and_version_are_given_once()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        await relay.PublishAsync(TestModels.Good(1));

        await ExpectAsync(relay, RelayErrorCodes.VersionExists, TestModels.Good(2, content => content with { Version = "1" }));
    }

    [Fact]
    public async Task A_key_for_a_model_that_is_not_encrypted_is_refused()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        TestModel model = TestModels.Good(1);

        RelayException failure = await Assert.ThrowsAsync<RelayException>(() => relay.Client.PublishAsync(model.Manifest, new MemoryStream(model.Stored), new byte[16]));

        Assert.Equal(RelayErrorCodes.ModelKey, failure.Code);
    }

    [Fact]
    public async Task A_full_disk_refuses_and_leaves_nothing_half_written()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync(options => options with { DatabaseBytesMax = 1 });
        await Assert.ThrowsAsync<RelayException>(async () =>
        {
            for (int version = 1; version < 200; version++)
                await relay.PublishAsync(TestModels.Good(version));
        });
        int published = (await relay.Client.ArtifactsAsync()).Length;

        await relay.RestartAsync();

        Assert.Equal(published, (await relay.Client.ArtifactsAsync()).Length);
        Assert.Empty(Directory.GetFiles(Path.Combine(relay.Folder, "relay", "blobs"), "*.part"));
    }

    private static async Task ExpectAsync(RelayFixture relay, string code, TestModel model) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RelayException>(() => relay.PublishAsync(model))).Code);
}
