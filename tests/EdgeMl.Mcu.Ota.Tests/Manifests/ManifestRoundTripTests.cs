using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Runtime.Format;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Ota.Tests.Manifests;

public class ManifestRoundTripTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(300);

    [Fact]
    public void Whatever_a_manifest_may_say_is_read_back() => Check.One(Thorough, Prop.ForAll(
        ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<NonNegativeInt>(), ArbMap.Default.ArbFor<Dictionary<NonNull<string>, NonNull<string>>>(), (seed, epoch, labels) =>
        {
            ManifestContent content = Content(new Random(seed)) with { Epoch = epoch.Get };
            foreach ((NonNull<string> name, NonNull<string> value) in labels.Take(20))
                content = content with { Labels = content.Labels.SetItem(WellFormed(name.Get), WellFormed(value.Get)) };

            SignedManifest read = SignedManifest.Parse(ManifestBuilder.Build(content, _ => new byte[ManifestFormat.SignatureBytes]));

            Manifest fields = read.Fields;
            Assert.Equal((content.Name, content.Version, content.Epoch, content.RamBytes, content.ChunkSize), (fields.Name, fields.Version, fields.Epoch, fields.RamBytes, fields.ChunkSize));
            Assert.Equal((content.RuntimeAbi, content.Stored.Length, content.Expires), (fields.RuntimeAbi, fields.Length, read.Expires));
            Assert.True(ManifestTensor.AreSame([.. content.Inputs], fields.Inputs) && ManifestTensor.AreSame([.. content.Outputs], fields.Outputs));
            Assert.Equal(content.Encryption?.Nonce, fields.EncryptionNonce);
            Assert.Equal(content.Labels, read.Labels);
            Assert.Equal(content.ChunkHashes(), read.Blob[fields.HashesOffset..]);
            read.RequireModel(content.Stored);
        }));

    private static ManifestContent Content(Random random)
    {
        byte[] stored = new byte[random.Next(1, 20_000)];
        random.NextBytes(stored);
        return TestModels.Content() with
        {
            Name = Name(random, ManifestFormat.NameLengthMax),
            Version = Name(random, ManifestFormat.VersionLengthMax),
            RuntimeAbi = random.Next(65536),
            RamBytes = random.Next(),
            Inputs = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Tensor(random))],
            Outputs = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Tensor(random))],
            Stored = stored,
            ChunkSize = 256 << random.Next(5),
            Expires = random.Next(2) == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(random.NextInt64(1, 1L << 34)),
            Encryption = random.Next(2) == 0 ? null : EncryptionBlock.Of(stored, stored.Length < 12 ? new byte[12] : stored[..12]),
        };
    }

    private static ManifestTensor Tensor(Random random) =>
        new((TensorType)random.Next(7), [.. Enumerable.Range(0, random.Next(7)).Select(_ => random.Next(1, 1 << random.Next(1, 29)))]);

    private static string Name(Random random, int lengthMax) =>
        new(random.GetItems<char>("abcXYZ019-_.+", random.Next(1, lengthMax + 1)));

    /// <summary>Text without halves of surrogate pairs, which CBOR cannot hold.</summary>
    private static string WellFormed(string text) => string.Concat(text.Where(c => !char.IsSurrogate(c)).Take(20));
}
