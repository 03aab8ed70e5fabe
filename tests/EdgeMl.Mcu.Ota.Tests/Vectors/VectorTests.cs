using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Ota.Encryption;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Ota.Tests.Attacks;
using EdgeMl.Mcu.Ota.Tests.Manifests;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Ota.Tests.Vectors;

/// <summary>The documented test vectors: examples of every format with their expected results, for other implementations. Bytes are in hex.</summary>
public class VectorTests
{
    private const string Folder = "docs/vectors";
    private const string Hello = "edgeml/factory/up/line-1/hello";
    private const string Desired = "edgeml/factory/down/line-1/desired";
    private const int AesNonceByte = 0x42;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly byte[] DeviceKey = AttackDevice.Key;
    private static readonly byte[] ModelKeySecret = TestSigner.Bytes("model key", 16);
    private static readonly byte[] Manifest = ManifestBuilder.Build(TestModels.Content() with { Epoch = 1 }, TestSigner.Publisher.With(0));
    private static readonly byte[] Rotation = RotationBuilder.Build(TestSigner.Next.PublicKey, 1, TestSigner.Publisher.With(1));

    [Fact]
    public void The_vector_of_keys_is_what_the_code_gives()
    {
        byte[] wrapping = TestMessages.Derive(DeviceKey, "edgeml model key 1")[..16];
        byte[] wrapped = ModelEncryption.Wrap(ModelKeySecret, DeviceKey);
        AssertCurrent("keys.json", new
        {
            DeviceKey = Hex(DeviceKey),
            MqttPassword = Hex(TestMessages.Derive(DeviceKey, "edgeml mqtt 1")),
            MessageKey = Hex(TestMessages.Derive(DeviceKey, "edgeml message 1")),
            WrappingKey = Hex(wrapping),
            ModelKey = Hex(ModelKeySecret),
            WrappedModelKey = Hex(wrapped),
            Publisher = Key(TestSigner.Publisher),
            NextPublisher = Key(TestSigner.Next),
        });
        byte[] unwrapped = new byte[16];
        var cipher = new Aes128();
        cipher.SetKey(wrapping, 0);
        Assert.True(new AesKeyWrap(cipher).Unwrap(wrapped, 0, unwrapped, 0));
        Assert.Equal(ModelKeySecret, unwrapped);
    }

    [Fact]
    public void The_vector_of_a_manifest_is_what_the_code_gives()
    {
        SignedManifest read = SignedManifest.Verify(Manifest, TestSigner.Publisher.PublicKey);
        Manifest fields = read.Fields;
        (int offset, int count) = ManifestPayload.Range(Manifest);
        byte[] payload = Manifest[offset..(offset + count)];
        AssertCurrent("manifest.json", new
        {
            Model = "model.emlm",
            PublicKey = Hex(TestSigner.Publisher.PublicKey),
            Leaf = read.LeafNumber,
            Randomizer = Hex(TestSigner.Bytes("publisher randomizer 0", 24)),
            Payload = Hex(payload),
            Signed = Hex(SignedItemWriter.SignedBytes(payload)),
            Signature = Hex(Manifest[(fields.HashesOffset - ManifestFormat.SignatureBytes)..fields.HashesOffset]),
            ChunkHashes = Hex(Manifest[fields.HashesOffset..]),
            Manifest = Hex(Manifest),
            ManifestId = Hex(read.Id),
            Fields = new
            {
                fields.Name,
                fields.Version,
                fields.Epoch,
                fields.RuntimeAbi,
                fields.RamBytes,
                Inputs = Tensors(fields.Inputs),
                Outputs = Tensors(fields.Outputs),
                ModelId = Hex(fields.ModelId),
                fields.Length,
                fields.ChunkSize,
                ChunkRoot = Hex(fields.ChunkRoot),
            },
        });
        read.RequireModel(TestModels.Bytes);
    }

    [Fact]
    public void The_vector_of_an_encrypted_manifest_is_what_the_code_gives()
    {
        EncryptionBlock encryption = EncryptionBlock.Of(ModelKeySecret, [.. Enumerable.Repeat((byte)AesNonceByte, 12)]);
        byte[] stored = ModelEncryption.Encrypt(TestModels.Bytes, ModelKeySecret, encryption.Nonce);
        ManifestContent content = TestModels.Content() with
        {
            Epoch = 1,
            Stored = stored,
            Encryption = encryption,
            Expires = DateTimeOffset.FromUnixTimeSeconds(AttackDevice.Time + 1),
            Labels = TestModels.Content().Labels.Add("site", "Brno").Add("a", "1"),
        };
        byte[] manifest = ManifestBuilder.Build(content, TestSigner.Publisher.With(2));
        AssertCurrent("encrypted.json", new
        {
            Model = "model.emlm",
            ModelKey = Hex(ModelKeySecret),
            Nonce = Hex(encryption.Nonce),
            KeyId = Hex(encryption.KeyId),
            Stored = Hex(stored),
            Leaf = 2,
            Manifest = Hex(manifest),
        });
        Assert.True(SignedManifest.Verify(manifest, TestSigner.Publisher.PublicKey).Fields.IsEncrypted);
    }

    [Fact]
    public void The_vector_of_a_rotation_is_what_the_code_gives()
    {
        AssertCurrent("rotation.json", new
        {
            PublicKey = Hex(TestSigner.Publisher.PublicKey),
            Generation = 1,
            NextPublicKey = Hex(TestSigner.Next.PublicKey),
            Leaf = 1,
            Rotation = Hex(Rotation),
        });
        Assert.Equal(TestSigner.Next.PublicKey, RotationBuilder.Verify(Rotation, TestSigner.Publisher.PublicKey, 0));
    }

    [Fact]
    public void The_vectors_of_messages_are_what_the_agent_takes_and_gives()
    {
        byte[] hello = ManifestPayload.Encode(WriteHello);
        byte[] desired = TestMessages.Desired(Manifest);
        byte[] manifestTopic = SHA256.HashData(Manifest)[..16];
        byte[] request = ManifestPayload.Encode(writer =>
        {
            writer.WriteArray(3);
            writer.WriteBytes(manifestTopic, 0, 16);
            writer.WriteInteger(0);
            writer.WriteInteger(3);
        });
        byte[] chunk = ManifestPayload.Encode(writer =>
        {
            writer.WriteArray(2);
            writer.WriteInteger(0);
            writer.WriteBytes(Manifest, 0, 1024);
        });
        AssertCurrent("messages.json", new
        {
            DeviceKey = Hex(DeviceKey),
            Hello = Message(Hello, hello),
            Desired = Message(Desired, desired),
            Request = new { Topic = "edgeml/factory/up/line-1/request", Payload = Hex(request) },
            Chunk = new { Topic = $"edgeml/factory/chunk/{Hex(manifestTopic)}", Payload = Hex(chunk) },
        });
        AssertAgentSeals(Hello, hello);
        AssertAgentSeals(Desired, desired);
    }

    [Fact]
    public void Every_file_of_the_folder_is_written_by_a_test() =>
        Assert.Equal(
            ["encrypted.json", "keys.json", "manifest.json", "messages.json", "model.emlm", "rotation.json"],
            Directory.EnumerateFiles(Repository.PathOf(Folder)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

    private static void WriteHello(Agent.Cbor.CborWriter writer)
    {
        writer.WriteMap(10);
        writer.WriteInteger(0);
        writer.WriteInteger(1);
        writer.WriteInteger(1);
        writer.WriteBytes(TestMessages.Nonce, 0, 8);
        writer.WriteInteger(2);
        writer.WriteText("ESP32-S3");
        writer.WriteInteger(3);
        writer.WriteText("1.4.0");
        int[] numbers = [1, 98_304, 131_072, 0, 1];
        for (int i = 0; i < numbers.Length; i++)
        {
            writer.WriteInteger(4 + i);
            writer.WriteInteger(numbers[i]);
        }
        writer.WriteInteger(9);
        writer.WriteBytes([], 0, 0);
    }

    private static void AssertAgentSeals(string topic, byte[] body)
    {
        byte[] key = TestMessages.Derive(DeviceKey, "edgeml message 1");
        var envelope = new Envelope();
        envelope.SetKey(key, 0, key.Length);
        byte[] buffer = new byte[Envelope.HeadBytesMax + body.Length + Envelope.TailBytes];
        body.CopyTo(buffer.AsSpan(Envelope.HeadBytesMax));
        envelope.Seal(topic, buffer, Envelope.HeadBytesMax, body.Length);
        Assert.Equal(Hex(TestMessages.Seal(topic, DeviceKey, body)), Hex(buffer[envelope.Offset..(envelope.Offset + envelope.Length)]));
    }

    private static object Message(string topic, byte[] body) =>
        new { Topic = topic, Body = Hex(body), Tag = Hex(TestMessages.Tag(topic, DeviceKey, body)), Envelope = Hex(TestMessages.Seal(topic, DeviceKey, body)) };

    private static object Key(TestSigner signer) =>
        new { Identifier = Hex(signer.Key.Identifier.ToArray()), Seed = Hex(signer.Key.Seed.ToArray()), PublicKey = Hex(signer.PublicKey) };

    private static IEnumerable<object> Tensors(ManifestTensor[] tensors) =>
        tensors.Select(tensor => new { Type = (int)tensor.Type, Shape = Enumerable.Range(0, tensor.Rank).Select(tensor.Dimension) });

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static void AssertCurrent(string name, object content) =>
        Assert.True(
            GeneratedFile.IsCurrent($"{Folder}/{name}", Encoding.UTF8.GetBytes(JsonSerializer.Serialize(content, Json).ReplaceLineEndings("\n") + "\n")), $"{name}: {GeneratedDocument.HowToUpdate}");
}
