using System.Text;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Ota.Tests.Attacks;

/// <summary>Every attack on a manifest ends with its own number; the fixtures are files that other tests and implementations use.</summary>
public class AttackTests
{
    public static TheoryData<string> Manifests => [.. AttackFixtures.OfManifests.Select(fixture => fixture.Name)];

    public static TheoryData<string> Envelopes => ["other-device", "other-topic"];

    [Fact]
    public void The_folders_hold_what_the_generator_makes()
    {
        foreach (AttackFixture fixture in AttackFixtures.All)
        {
            Assert.All(fixture.Files, file => Assert.True(GeneratedFile.IsCurrent(fixture.PathOf(file.Name), file.Content), $"{fixture.PathOf(file.Name)}: {GeneratedDocument.HowToUpdate}"));
            Assert.True(GeneratedFile.IsCurrent(fixture.PathOf("expected.json"), Encoding.UTF8.GetBytes(fixture.Expected())), $"{fixture.Name}: {GeneratedDocument.HowToUpdate}");
        }
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void A_device_refuses_the_manifest_with_the_number_of_the_fixture(string name)
    {
        AttackFixture fixture = AttackFixtures.OfManifests.Single(fixture => fixture.Name == name);
        byte[] blob = File.ReadAllBytes(Repository.PathOf(fixture.PathOf(AttackFixtures.ManifestFile)));
        var verifier = new ManifestVerifier(new HssVerifier(), new byte[ManifestFormat.MaxPayloadBytes]);

        AgentError error = verifier.Verify(new MemorySource(blob), TestSigner.Publisher.PublicKey, out Manifest manifest);
        if (error == AgentError.None)
            error = fixture.Device.Check(manifest, AttackDevice.Time);

        Assert.Equal(fixture.Error, error);
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void The_host_refuses_the_manifest_with_the_code_of_the_fixture(string name)
    {
        AttackFixture fixture = AttackFixtures.OfManifests.Single(fixture => fixture.Name == name);
        byte[] blob = File.ReadAllBytes(Repository.PathOf(fixture.PathOf(AttackFixtures.ManifestFile)));

        OtaException? refusal = Record.Exception(() =>
            SignedManifest.Verify(blob, TestSigner.Publisher.PublicKey).RequireFits(fixture.Device, DateTimeOffset.FromUnixTimeSeconds(AttackDevice.Time))) as OtaException;

        Assert.Equal(AgentErrors.CodeOf(fixture.Error), refusal?.Code);
    }

    [Fact]
    public void Each_attack_on_a_manifest_but_those_on_signed_bytes_has_a_number_of_its_own() =>
        Assert.Equal(AttackFixtures.OfManifests.Count - 1, AttackFixtures.OfManifests.Select(fixture => fixture.Error).Distinct().Count());

    [Fact]
    public void Two_manifests_of_one_leaf_verify_and_show_that_the_leaf_was_used_twice()
    {
        AttackFixture fixture = AttackFixtures.OfOthers.Single(fixture => fixture.Name == "index-reused");
        SignedManifest[] manifests = [.. fixture.Files.Select(file => SignedManifest.Verify(file.Content, TestSigner.Publisher.PublicKey))];

        Assert.Equal(manifests[0].LeafNumber, manifests[1].LeafNumber);
        Assert.NotEqual(manifests[0].ItemHash, manifests[1].ItemHash);
    }

    [Theory]
    [MemberData(nameof(Envelopes))]
    public void A_device_does_not_open_an_order_that_is_not_for_its_key_and_topic(string name)
    {
        AttackFixture fixture = AttackFixtures.OfOthers.Single(fixture => fixture.Name == name);
        byte[] key = TestMessages.Derive(AttackDevice.Key, "edgeml message 1");
        byte[] good = TestMessages.Seal(fixture.Topic!, AttackDevice.Key, TestMessages.Desired(AttackFixtures.Good));
        var envelope = new Envelope();
        envelope.SetKey(key, 0, key.Length);

        Assert.True(envelope.Open(fixture.Topic, good, 0, good.Length));
        byte[] order = fixture.Files[0].Content;
        Assert.False(envelope.Open(fixture.Topic, order, 0, order.Length));
    }
}
