using System.Text.Json;
using EdgeMl.Mcu.Ota.Lms;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Ota.Tests.Lms;

/// <summary>The keys and signatures that the RFCs print with their seeds.</summary>
public class RfcSignatureTests
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    public static TheoryData<string> Sources => [.. Vectors().Select(vector => vector.Source)];

    [Theory]
    [MemberData(nameof(Sources))]
    public void The_public_key_of_the_rfc_comes_out_of_its_seed(string source)
    {
        Vector vector = Find(source);

        Assert.Equal(vector.Root, Convert.ToHexStringLower(vector.Key().LmsPublicKey().AsSpan(24)));
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void The_signature_of_the_rfc_comes_out_of_its_seed_and_randomizer(string source)
    {
        Vector vector = Find(source);

        byte[] signature = vector.Key().LmsSign(vector.Leaf, Convert.FromHexString(vector.Message), Convert.FromHexString(vector.Randomizer));

        Assert.Equal(vector.Signature, Convert.ToHexStringLower(signature));
    }

    private static Vector Find(string source) => Vectors().Single(vector => vector.Source == source);

    private static Vector[] Vectors() =>
        JsonSerializer.Deserialize<Vector[]>(File.ReadAllText(Repository.PathOf("tests/EdgeMl.Mcu.Ota.Tests/Lms/rfc-signatures.json")), CamelCase)!;

    private sealed record Vector(string Source, int HashBytes, int Height, int Width, string Identifier, string Seed, int Leaf, string Randomizer, string Message, string Root, string Signature)
    {
        public LmsPrivateKey Key() =>
            LmsPrivateKey.Derive(LmsParameters.Of(HashBytes, Height, Width), Convert.FromHexString(Identifier), Convert.FromHexString(Seed));
    }
}
