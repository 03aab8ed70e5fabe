using System.Text.Json;
using EdgeMl.Mcu.Ota.Lms;

namespace EdgeMl.Mcu.Ota.Keys;

/// <summary>The private key file.</summary>
/// <param name="Format">1.</param>
/// <param name="Kind">What the file is, so that nobody takes it for something else.</param>
/// <param name="Algorithm">Parameter set.</param>
/// <param name="Generation">Number of keys before this one, each of which has signed the next.</param>
/// <param name="Identifier">I in hex.</param>
/// <param name="Seed">The secret in hex.</param>
/// <param name="PublicKey">Public key in hex.</param>
/// <param name="Tree">All nodes of the tree, in base 64, so that signing need not work them out.</param>
internal sealed record KeyFileContent(int Format, string Kind, string Algorithm, int Generation, string Identifier, string Seed, string PublicKey, string Tree)
{
    private const string PrivateKind = "edgeml publisher private key";
    private const string ProductAlgorithm = "HSS 1 level, LMS_SHA256_M24_H10, LMOTS_SHA256_N24_W4";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static byte[] Write(LmsPrivateKey key, int generation) => JsonSerializer.SerializeToUtf8Bytes(
        new KeyFileContent(
            1, PrivateKind, ProductAlgorithm, generation, Convert.ToHexStringLower(key.Identifier), Convert.ToHexStringLower(key.Seed), Convert.ToHexStringLower(key.HssPublicKey()),
            Convert.ToBase64String(key.Nodes)),
        Json);

    /// <exception cref="OtaException"><c>ota.key-unreadable</c>.</exception>
    public static (LmsPrivateKey Key, int Generation) Read(byte[] content, string path)
    {
        try
        {
            KeyFileContent file = JsonSerializer.Deserialize<KeyFileContent>(content, Json) ?? throw new JsonException();
            if (file.Kind != PrivateKind || file.Format != 1 || file.Algorithm != ProductAlgorithm || file.Generation < 0)
                throw new OtaException(OtaErrorCodes.KeyUnreadable, $"'{path}' is no private key of a publisher, or of another version.", "Give the file that 'edgeml keys new' wrote, without .pub.");
            LmsPrivateKey key = LmsPrivateKey.Restore(
                LmsParameters.Product, Convert.FromHexString(file.Identifier), Convert.FromHexString(file.Seed), Convert.FromBase64String(file.Tree));
            if (Convert.ToHexStringLower(key.HssPublicKey()) != file.PublicKey)
                throw new FormatException();
            return (key, file.Generation);
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            throw new OtaException(OtaErrorCodes.KeyUnreadable, $"'{path}' is damaged or no key file.", "Restore it from a backup; its state must be the current one.", e);
        }
    }
}
