using System.Collections.Immutable;
using System.Security.Cryptography;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Ota.Tests.Manifests;

public class SignedManifestTests
{
    private static readonly byte[] Blob = ManifestBuilder.Build(TestModels.Content(), TestSigner.Publisher.With(7));

    private static readonly ManifestVerifier Verifier = new(new HssVerifier(), new byte[ManifestFormat.MaxPayloadBytes]);

    [Fact]
    public void What_was_built_is_read_back()
    {
        Model model = Model.Load(TestModels.Bytes);
        ManifestContent content = TestModels.Content() with
        {
            Epoch = 3,
            Expires = DateTimeOffset.FromUnixTimeSeconds(2_000_000_000),
            Encryption = new EncryptionBlock(new byte[12], [1, 2, 3, 4, 5, 6, 7, 8]),
            Labels = ImmutableSortedDictionary<string, string>.Empty.Add("site", "Brno").Add("b", "").Add("zoë", "✓"),
        };

        SignedManifest manifest = SignedManifest.Verify(ManifestBuilder.Build(content, TestSigner.Publisher.With(1023)), TestSigner.Publisher.PublicKey);

        Manifest fields = manifest.Fields;
        Assert.Equal(("trees", "1.0.0", 3, 1023), (fields.Name, fields.Version, fields.Epoch, manifest.LeafNumber));
        Assert.Equal((model.ArenaBytes + model.ScratchBytes + model.PackedBytes, TestModels.Bytes.Length, 256), (fields.RamBytes, fields.Length, fields.ChunkSize));
        Assert.True(ManifestTensor.AreSame([ManifestTensor.Of(model.Input(0))], fields.Inputs));
        Assert.Equal(model.OutputCount, fields.Outputs.Length);
        Assert.Equal(SHA256.HashData(TestModels.Bytes), fields.ModelId);
        Assert.Equal(content.Expires, manifest.Expires);
        Assert.Equal(content.Encryption.KeyId, fields.EncryptionKeyId);
        Assert.Equal(content.Labels, manifest.Labels);
        Assert.Equal(SHA256.HashData(manifest.Blob), manifest.Id);
        manifest.RequireModel(TestModels.Bytes);
    }

    [Fact]
    public void The_blob_ends_with_the_hash_of_each_chunk_and_its_ranges_cover_the_model()
    {
        Manifest fields = SignedManifest.Parse(Blob).Fields;

        Assert.Equal(Blob.Length, fields.HashOffset(fields.ChunkCount));
        int at = 0;
        for (int i = 0; i < fields.ChunkCount; i++)
        {
            byte[] hash = SHA256.HashData(TestModels.Bytes.AsSpan(at, fields.ChunkLength(i)));
            Assert.Equal(hash[..16], Blob[fields.HashOffset(i)..(fields.HashOffset(i) + 16)]);
            at += fields.ChunkLength(i);
        }
        Assert.Equal(TestModels.Bytes.Length, at);
    }

    [Fact]
    public void No_bit_can_be_changed()
    {
        for (int bit = 0; bit < Blob.Length * 8; bit += bit < 900 * 8 ? 5 : 61)
        {
            byte[] changed = [.. Blob];
            changed[bit >> 3] ^= (byte)(1 << (bit & 7));
            Assert.NotEqual(AgentError.None, Verifier.Verify(new MemorySource(changed), TestSigner.Publisher.PublicKey, out _));
        }
    }

    [Fact]
    public void A_blob_that_was_cut_or_made_longer_is_refused()
    {
        for (int length = 0; length < Blob.Length; length += 13)
            Assert.NotEqual(AgentError.None, Verifier.Verify(new MemorySource(Blob[..length]), TestSigner.Publisher.PublicKey, out _));
        Assert.Equal(AgentError.ManifestFormat, Verifier.Verify(new MemorySource([.. Blob, 0]), TestSigner.Publisher.PublicKey, out _));
    }

    [Fact]
    public void A_source_that_fails_at_any_read_is_a_failure_of_the_storage_or_a_signature_that_does_not_verify()
    {
        var whole = new ArraySource(Blob);
        Assert.Equal(AgentError.None, Verifier.Verify(whole, TestSigner.Publisher.PublicKey, out _));
        for (int reads = 0; reads < whole.Reads; reads++)
            Assert.Contains(Verifier.Verify(new ArraySource(Blob) { ReadsMax = reads }, TestSigner.Publisher.PublicKey, out _), (AgentError[])[AgentError.Storage, AgentError.Signature]);
    }

    [Fact]
    public void Damaged_manifests_are_refused_by_number_and_never_crash_the_reader()
    {
        var reader = new ManifestReader();
        (int offset, int count) = ManifestPayload.Range(Blob);
        byte[] payload = Blob[offset..(offset + count)];
        int accepted = 0;
        foreach (byte[] damaged in Mutations.Of(payload, 60_000, 11).Concat(Mutations.InPlace(payload, 40_000, 12)))
        {
            AgentError error = reader.Read(damaged, 0, damaged.Length, out Manifest manifest);
            Assert.Equal(error == AgentError.None, manifest is not null);
            if (manifest is null)
                continue;
            accepted++;
            Assert.True(ManifestFormat.IsName(manifest.Name, 64) && manifest.Length > 0 && ManifestFormat.IsChunkSize(manifest.ChunkSize) && manifest.Inputs.Length > 0);
        }
        Assert.InRange(accepted, 1, 99_999);
    }

    [Fact]
    public void A_field_above_31_is_ignored_and_an_unknown_one_below_is_not()
    {
        SortedDictionary<int, byte[]> fields = ManifestPayload.Fields(Blob);
        fields[32] = [0x83, 0x01, 0x40, 0xA0];
        fields[70000] = [0xF6];
        Assert.Equal(AgentError.None, Read(fields));
        fields[31] = [0x01];
        Assert.Equal(AgentError.ManifestField, Read(fields));
    }

    [Fact]
    public void Every_required_field_is_required()
    {
        for (int key = 0; key < 12; key++)
        {
            SortedDictionary<int, byte[]> fields = ManifestPayload.Fields(Blob);
            fields.Remove(key);
            Assert.Equal(AgentError.ManifestFormat, Read(fields));
        }
    }

    [Theory]
    [InlineData(0, "02", AgentError.ManifestVersion)]
    [InlineData(1, "60", AgentError.ManifestFormat)]
    [InlineData(1, "6161FF", AgentError.ManifestFormat)]
    [InlineData(1, "632E2E2F", AgentError.ManifestFormat)]
    [InlineData(2, "6120", AgentError.ManifestFormat)]
    [InlineData(3, "20", AgentError.ManifestFormat)]
    [InlineData(3, "1800", AgentError.ManifestFormat)]
    [InlineData(3, "1B0000000080000000", AgentError.ManifestFormat)]
    [InlineData(6, "80", AgentError.ManifestFormat)]
    [InlineData(6, "8182078101", AgentError.ManifestFormat)]
    [InlineData(6, "8182008100", AgentError.ManifestFormat)]
    [InlineData(6, "81820087010101010101 01", AgentError.ManifestFormat)]
    [InlineData(8, "420000", AgentError.ManifestFormat)]
    [InlineData(9, "00", AgentError.ManifestFormat)]
    [InlineData(10, "1880", AgentError.ManifestFormat)]
    [InlineData(10, "190300", AgentError.ManifestFormat)]
    [InlineData(10, "192000", AgentError.ManifestFormat)]
    [InlineData(12, "00", AgentError.ManifestFormat)]
    [InlineData(13, "A3000201401840", AgentError.Encryption)]
    [InlineData(13, "A10001", AgentError.ManifestFormat)]
    [InlineData(14, "A1616101", AgentError.ManifestFormat)]
    [InlineData(14, "A26161606161 60", AgentError.ManifestFormat)]
    [InlineData(14, "A2616260616160", AgentError.ManifestFormat)]
    public void A_field_out_of_its_range_is_refused(int key, string value, AgentError expected)
    {
        SortedDictionary<int, byte[]> fields = ManifestPayload.Fields(Blob);
        fields[key] = Convert.FromHexString(value.Replace(" ", "", StringComparison.Ordinal));

        Assert.Equal(expected, Read(fields));
    }

    [Theory]
    [InlineData("a b", "1", 1024)]
    [InlineData("", "1", 1024)]
    [InlineData("../x", "1", 1024)]
    [InlineData("a", "v/1", 1024)]
    [InlineData("a", "1", 1000)]
    [InlineData("a", "1", 8192)]
    public void What_a_manifest_may_not_say_is_refused_before_a_leaf_is_used(string name, string version, int chunkSize)
    {
        ManifestContent content = TestModels.Content() with { Name = name, Version = version, ChunkSize = chunkSize };

        Assert.Equal(OtaErrorCodes.ManifestArgument, Assert.Throws<OtaException>(() => ManifestBuilder.Build(content, _ => throw new InvalidOperationException())).Code);
    }

    [Fact]
    public void Labels_that_make_the_manifest_too_long_are_refused()
    {
        ManifestContent content = TestModels.Content() with { Labels = ImmutableSortedDictionary<string, string>.Empty.Add("text", new string('x', 3000)) };

        Assert.Equal(OtaErrorCodes.ManifestArgument, Assert.Throws<OtaException>(() => ManifestBuilder.Build(content, TestSigner.Publisher.With(0))).Code);
    }

    [Fact]
    public void A_file_that_is_no_model_is_not_signed() =>
        Assert.Equal(OtaErrorCodes.NotAModel, Assert.Throws<OtaException>(() => ManifestContent.Of([1, 2, 3], "a", "1")).Code);

    [Fact]
    public void Another_model_is_not_taken_for_the_signed_one()
    {
        SignedManifest manifest = SignedManifest.Parse(Blob);
        byte[] other = [.. TestModels.Bytes];
        other[^1] ^= 1;

        Assert.Equal(OtaErrorCodes.ModelHash, Assert.Throws<OtaException>(() => manifest.RequireModel(other)).Code);
        Assert.Equal(OtaErrorCodes.ModelHash, Assert.Throws<OtaException>(() => manifest.RequireModel(other[..^1])).Code);
    }

    private static AgentError Read(SortedDictionary<int, byte[]> fields)
    {
        byte[] payload = ManifestPayload.Of(fields);
        return new ManifestReader().Read(payload, 0, payload.Length, out _);
    }
}
