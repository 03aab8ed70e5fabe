using System.Text.Json;
using EdgeMl.Mcu.Agent.Manifests;

namespace EdgeMl.Mcu.Ota.Keys;

/// <summary>A publisher's public key as a file: what devices and relays are provisioned with.</summary>
/// <param name="Format">1.</param>
/// <param name="Kind">What the file is.</param>
/// <param name="Generation">Number of keys before this one, each of which has signed the next.</param>
/// <param name="PublicKey">The key in hex, 52 bytes.</param>
public sealed record PublicKeyFile(int Format, string Kind, int Generation, string PublicKey)
{
    private const string PublicKind = "edgeml publisher public key";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The content of a file.</summary>
    public static byte[] Write(byte[] publicKey, int generation) =>
        JsonSerializer.SerializeToUtf8Bytes(new PublicKeyFile(1, PublicKind, generation, Convert.ToHexStringLower(publicKey)), Json);

    /// <summary>Reads the content of a file; a file of the bare 52 bytes, or of them in hex, counts as generation 0.</summary>
    /// <exception cref="OtaException"><c>ota.key-unreadable</c>.</exception>
    public static (byte[] PublicKey, int Generation) Read(byte[] content, string path)
    {
        if (content.Length == ManifestFormat.PublicKeyBytes)
            return (content, 0);
        try
        {
            string text = System.Text.Encoding.UTF8.GetString(content).Trim();
            PublicKeyFile? file = text.StartsWith('{') ? JsonSerializer.Deserialize<PublicKeyFile>(text, Json) : new PublicKeyFile(1, PublicKind, 0, text);
            if (file is { Format: 1, Kind: PublicKind, Generation: >= 0 } && Convert.FromHexString(file.PublicKey) is { Length: ManifestFormat.PublicKeyBytes } key)
                return (key, file.Generation);
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            // Said below.
        }
        throw new OtaException(OtaErrorCodes.KeyUnreadable, $"'{path}' is no public key of a publisher.", "Give the .pub file that 'edgeml keys new' wrote beside the key.");
    }
}
