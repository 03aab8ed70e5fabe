using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Ota.Tests.Manifests;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Ota.Tests.Attacks;

/// <summary>Makes the fixtures: the same bytes in every run.</summary>
internal static class AttackFixtures
{
    public const string ManifestFile = "manifest.bin";
    public const string SecondManifestFile = "second.bin";
    public const string ChunkFile = "chunk.bin";
    public const string OrderFile = "order.bin";

    private static readonly ManifestContent Content = TestModels.Content() with { Epoch = 5 };

    /// <summary>A manifest that the device takes.</summary>
    public static byte[] Good { get; } = Sign(Content, 0);

    /// <summary>Fixtures of one manifest, which the manifest's checks decide on.</summary>
    public static IReadOnlyList<AttackFixture> OfManifests { get; } =
    [
        Of("valid", "No attack: the device takes this manifest.", AgentError.None, Good),
        Of("unsigned", "The signature is an empty byte string.", AgentError.SignatureMissing, WithSignature(Good, [])),
        Of("truncated-signature", "The signature lacks its last 24 bytes, the uppermost node of the path.", AgentError.SignatureLength, WithSignature(Good, Signature(Good)[..^24])),
        Of("wrong-key", "A good manifest, signed by somebody else.", AgentError.Signature, ManifestBuilder.Build(Content, TestSigner.Stranger.With(0))),
        Of("altered-manifest", "The version was changed after the signature.", AgentError.Signature, Altered()),
        Of("altered-hashes", "The hash of the first chunk was changed after the signature.", AgentError.ChunkRoot, Flip(Good, SignedManifest.Parse(Good).Fields.HashOffset(0))),
        Of("malformed-cbor", "Signed, but the map has its first key twice.", AgentError.ManifestFormat, Malformed()),
        Of("unknown-field", "Signed, with the unknown key 20 that a device may not ignore.", AgentError.ManifestField, WithField(20, [0x01], 2)),
        Of("unknown-version", "Signed, of format 9.", AgentError.ManifestVersion, WithField(0, [0x09], 3)),
        Of("old-epoch", "Signed, but its security epoch is below the device's.", AgentError.Epoch, Sign(Content with { Epoch = 4 }, 4)),
        Of("wrong-abi", "Signed, for a newer runtime than the device's.", AgentError.Abi, Sign(Content with { RuntimeAbi = ModelFormat.RuntimeAbi + 1 }, 5)),
        Of("too-much-ram", "Signed, but the model takes more RAM than the device gives.", AgentError.Ram, Sign(Content with { RamBytes = 16385 }, 6)),
        Of("too-long", "Signed, but the model is longer than a slot.", AgentError.SlotTooSmall, Sign(Content with { Stored = new byte[32769], ChunkSize = 4096 }, 7)),
        Of("other-shapes", "Signed, with another input than the application's.", AgentError.Shapes, Good) with { Device = WithInput() },
        Of("expired", "Signed, but the relay's time is past its expiry.", AgentError.Expired, Sign(Content with { Expires = DateTimeOffset.FromUnixTimeSeconds(AttackDevice.Time) }, 8)),
    ];

    /// <summary>Fixtures that other parts decide on: chunks, orders, the registry.</summary>
    public static IReadOnlyList<AttackFixture> OfOthers { get; } =
    [
        new("index-reused", "Two manifests signed with one leaf: both verify, the registry refuses the second.", AgentError.None, [(ManifestFile, Good), (SecondManifestFile, Sign(Content with { Version = "1.0.1" }, 0))]) { Code = "relay.index-reused" },
        new("altered-chunk", "A chunk of the model of which one bit was changed on the way.", AgentError.ChunkHash, [(ManifestFile, Good), (ChunkFile, Chunk(1, Flip(TestModels.Bytes[256..512], 0)))]) { Topic = ChunkTopic() },
        new("oversized-chunk", "A chunk of more bytes than the manifest's chunk size.", AgentError.ChunkFormat, [(ManifestFile, Good), (ChunkFile, Chunk(1, TestModels.Bytes[256..513]))]) { Topic = ChunkTopic() },
        new("chunk-out-of-range", "A chunk with an index that the model does not have.", AgentError.ChunkFormat, [(ManifestFile, Good), (ChunkFile, Chunk(10_000, TestModels.Bytes[..256]))]) { Topic = ChunkTopic() },
        new("other-device", "An order for another device, with that device's key, on this device's topic.", AgentError.Envelope, [(OrderFile, Order("line-2", TestSigner.Bytes("device key of line-2", 32)))]) { Topic = DesiredTopic(AttackDevice.Id) },
        new("other-topic", "This device's order, sealed for another topic of the same device.", AgentError.Envelope, [(OrderFile, Sealed($"edgeml/{AttackDevice.Fleet}/down/{AttackDevice.Id}/ack", AttackDevice.Key))]) { Topic = DesiredTopic(AttackDevice.Id) },
    ];

    public static IEnumerable<AttackFixture> All => OfManifests.Concat(OfOthers);

    private static AttackFixture Of(string name, string description, AgentError error, byte[] manifest) => new(name, description, error, [(ManifestFile, manifest)]);

    private static byte[] Sign(ManifestContent content, int leaf) => ManifestBuilder.Build(content, TestSigner.Publisher.With(leaf));

    private static byte[] Payload(byte[] blob)
    {
        (int offset, int count) = ManifestPayload.Range(blob);
        return blob[offset..(offset + count)];
    }

    private static byte[] Signature(byte[] blob)
    {
        int end = SignedManifest.Parse(blob).Fields.HashesOffset;
        return blob[(end - ManifestFormat.SignatureBytes)..end];
    }

    private static byte[] WithSignature(byte[] blob, byte[] signature) => [.. SignedItemWriter.Item(Payload(blob), signature), .. Content.ChunkHashes()];

    private static byte[] WithField(int key, byte[] value, int leaf)
    {
        SortedDictionary<int, byte[]> fields = ManifestPayload.Fields(Good);
        fields[key] = value;
        return ManifestPayload.Sign(ManifestPayload.Of(fields), TestSigner.Publisher, leaf, Content.ChunkHashes());
    }

    private static byte[] Malformed()
    {
        byte[] payload = Payload(Good);
        return ManifestPayload.Sign([(byte)(payload[0] + 1), 0x00, 0x01, .. payload[1..]], TestSigner.Publisher, 1, Content.ChunkHashes());
    }

    private static byte[] Altered()
    {
        byte[] blob = [.. Good];
        blob[blob.AsSpan().IndexOf("1.0.0"u8)] = (byte)'9';
        return blob;
    }

    private static byte[] Flip(byte[] bytes, int at)
    {
        byte[] changed = [.. bytes];
        changed[at] ^= 1;
        return changed;
    }

    private static DeviceProfile WithInput()
    {
        DeviceProfile device = AttackDevice.Profile();
        device.Inputs = [new ManifestTensor(TensorType.Float32, [3])];
        return device;
    }

    private static byte[] Chunk(int index, byte[] data) => ManifestPayload.Encode(writer =>
    {
        writer.WriteArray(2);
        writer.WriteInteger(index);
        writer.WriteBytes(data, 0, data.Length);
    });

    private static string ChunkTopic() => $"edgeml/{AttackDevice.Fleet}/chunk/{Convert.ToHexStringLower(SignedManifest.Parse(Good).Fields.ModelId.AsSpan(0, 16))}";

    private static string DesiredTopic(string device) => $"edgeml/{AttackDevice.Fleet}/down/{device}/desired";

    private static byte[] Order(string device, byte[] key) => Sealed(DesiredTopic(device), key);

    private static byte[] Sealed(string topic, byte[] deviceKey) => TestMessages.Seal(topic, deviceKey, TestMessages.Desired(Good));
}
