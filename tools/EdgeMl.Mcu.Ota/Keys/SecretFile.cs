using System.Security.Cryptography;
using System.Text.Json;

namespace EdgeMl.Mcu.Ota.Keys;

/// <summary>A file of one secret that only its owner can read: a device key or a model key.</summary>
/// <param name="Format">1.</param>
/// <param name="Kind">Which of the two, <see cref="DeviceKind"/> or <see cref="ModelKind"/>.</param>
/// <param name="Id">Name of the key in hex: the first 8 bytes of the secret's SHA-256.</param>
/// <param name="Secret">The secret in hex.</param>
public sealed record SecretFile(int Format, string Kind, string Id, string Secret)
{
    /// <summary>Bytes of a device key.</summary>
    public const int DeviceKeyBytes = 32;

    /// <summary>Bytes of a model key.</summary>
    public const int ModelKeyBytes = 16;

    /// <summary>Kind of a device key.</summary>
    public const string DeviceKind = "edgeml device key";

    /// <summary>Kind of a model key.</summary>
    public const string ModelKind = "edgeml model key";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes a secret to a new file.</summary>
    /// <param name="path">The file, which does not exist.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="files">File operations.</param>
    /// <exception cref="OtaException"><c>ota.key-exists</c>, <c>ota.key-unwritable</c>.</exception>
    public static SecretFile Create(string path, string kind, byte[] secret, KeyFiles files)
    {
        RequireNew(path, files);
        var file = new SecretFile(1, kind, Convert.ToHexStringLower(SHA256.HashData(secret).AsSpan(0, 8)), Convert.ToHexStringLower(secret));
        files.Replace(path, JsonSerializer.SerializeToUtf8Bytes(file, Json));
        return file;
    }

    /// <summary>Requires that a file does not exist.</summary>
    /// <exception cref="OtaException"><c>ota.key-exists</c>.</exception>
    public static void RequireNew(string path, KeyFiles files)
    {
        if (files.Read(path) is not null)
            throw new OtaException(OtaErrorCodes.KeyExists, $"'{path}' exists already.", "Keys are never overwritten: choose another name.");
    }

    /// <summary>Reads a file.</summary>
    /// <returns>Null where it is no file of a secret.</returns>
    public static SecretFile? TryRead(byte[] content)
    {
        try
        {
            SecretFile? file = JsonSerializer.Deserialize<SecretFile>(content, Json);
            int length = file?.Kind == DeviceKind ? DeviceKeyBytes : ModelKeyBytes;
            return file is { Format: 1, Kind: DeviceKind or ModelKind, Id: not null } && Convert.FromHexString(file.Secret).Length == length ? file : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            return null;
        }
    }
}
