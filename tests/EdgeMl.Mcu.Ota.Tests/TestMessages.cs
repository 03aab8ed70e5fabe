using System.Security.Cryptography;
using System.Text;
using EdgeMl.Mcu.Ota.Tests.Manifests;

namespace EdgeMl.Mcu.Ota.Tests;

/// <summary>Messages of the protocol, written after its document and with the system's own HMAC: a check on the agent's classes.</summary>
internal static class TestMessages
{
    public static readonly byte[] Nonce = [1, 2, 3, 4, 5, 6, 7, 8];
    public static readonly byte[] Challenge = [0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8];

    /// <summary>A key derived from a device key.</summary>
    public static byte[] Derive(byte[] deviceKey, string label) => HMACSHA256.HashData(deviceKey, Encoding.ASCII.GetBytes(label));

    /// <summary>Tag of an envelope.</summary>
    public static byte[] Tag(string topic, byte[] deviceKey, byte[] body) =>
        HMACSHA256.HashData(Derive(deviceKey, "edgeml message 1"), (byte[])[.. Encoding.ASCII.GetBytes(topic), 0, .. body])[..16];

    /// <summary>The envelope of a body.</summary>
    public static byte[] Seal(string topic, byte[] deviceKey, byte[] body) => ManifestPayload.Encode(writer =>
    {
        byte[] tag = Tag(topic, deviceKey, body);
        writer.WriteArray(2);
        writer.WriteBytes(body, 0, body.Length);
        writer.WriteBytes(tag, 0, tag.Length);
    });

    /// <summary>An order to run a manifest, whose blob has two chunks or more of 1,024 bytes.</summary>
    public static byte[] Desired(byte[] manifest) => ManifestPayload.Encode(writer =>
    {
        const int ChunkSize = 1024;
        writer.WriteMap(6);
        writer.WriteInteger(0);
        writer.WriteBytes(Nonce, 0, 8);
        writer.WriteInteger(1);
        writer.WriteInteger(1);
        writer.WriteInteger(2);
        writer.WriteBytes(Challenge, 0, 8);
        writer.WriteInteger(3);
        writer.WriteInteger(Attacks.AttackDevice.Time);
        writer.WriteInteger(4);
        writer.WriteInteger(1);
        writer.WriteInteger(5);
        writer.WriteMap(4);
        writer.WriteInteger(0);
        writer.WriteBytes(SHA256.HashData(manifest), 0, 32);
        writer.WriteInteger(1);
        writer.WriteInteger(manifest.Length);
        writer.WriteInteger(2);
        writer.WriteInteger(ChunkSize);
        writer.WriteInteger(3);
        byte[] hashes = [.. manifest.Chunk(ChunkSize).SelectMany(chunk => SHA256.HashData(chunk)[..16])];
        writer.WriteBytes(hashes, 0, hashes.Length);
    });
}
