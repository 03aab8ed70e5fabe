using System.Collections.Immutable;
using System.Security.Cryptography;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Manifests;

namespace EdgeMl.Mcu.Ota.Manifests;

/// <summary>A manifest blob that was read with the device's own classes. Immutable as long as nobody writes into <see cref="Blob"/>.</summary>
public sealed class SignedManifest
{
    private SignedManifest(byte[] blob, Manifest fields)
    {
        Blob = blob;
        Fields = fields;
        Id = SHA256.HashData(blob);
        ItemHash = SHA256.HashData(blob.AsSpan(0, fields.HashesOffset - ManifestFormat.SignatureBytes));
        Labels = ManifestLabels.Read(blob, fields);
    }

    /// <summary>All of the manifest: the signed item and the hashes of the chunks.</summary>
    public byte[] Blob { get; }

    /// <summary>What the publisher says about the model.</summary>
    public Manifest Fields { get; }

    /// <summary>SHA-256 of <see cref="Blob"/>, by which orders name it.</summary>
    public byte[] Id { get; }

    /// <summary>Leaf number q of the signature. One key signs one payload with it; see <see cref="ItemHash"/>.</summary>
    public int LeafNumber => Fields.LeafNumber;

    /// <summary>SHA-256 of all that was signed. Two manifests of one key and <see cref="LeafNumber"/> whose hashes differ show that a leaf was used twice.</summary>
    public byte[] ItemHash { get; }

    /// <summary>Labels for people.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; }

    /// <summary>When the manifest expires; null for never.</summary>
    public DateTimeOffset? Expires => Fields.Expires == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(Math.Min(Fields.Expires, DateTimeOffset.MaxValue.ToUnixTimeSeconds()));

    /// <summary>Reads a manifest without verifying its signature.</summary>
    /// <exception cref="OtaException">The blob is malformed: <c>ota.manifest-format</c>, <c>ota.signature-missing</c>, <c>ota.chunk-root</c> …</exception>
    public static SignedManifest Parse(byte[] blob) => Read(blob, null);

    /// <summary>Reads a manifest and verifies its signature.</summary>
    /// <param name="blob">The manifest.</param>
    /// <param name="publicKey">The publisher's public key, 52 bytes.</param>
    /// <exception cref="OtaException"><c>ota.signature</c>, or as <see cref="Parse"/>.</exception>
    public static SignedManifest Verify(byte[] blob, byte[] publicKey)
    {
        ArgumentNullException.ThrowIfNull(publicKey);
        return Read(blob, publicKey);
    }

    /// <summary>Compares the manifest with a device.</summary>
    /// <param name="device">What the device can take.</param>
    /// <param name="time">Time against which the expiry is judged.</param>
    /// <exception cref="OtaException"><c>ota.epoch</c>, <c>ota.abi</c>, <c>ota.ram</c>, <c>ota.slot-too-small</c>, <c>ota.shapes</c> or <c>ota.expired</c>.</exception>
    public void RequireFits(DeviceProfile device, DateTimeOffset time)
    {
        AgentError error = device.Check(Fields, time.ToUnixTimeSeconds());
        if (error == AgentError.None)
            return;
        string numbers = error switch
        {
            AgentError.Epoch => $"epoch {Fields.Epoch}, the device is at {device.Epoch}",
            AgentError.Abi => $"runtime ABI {Fields.RuntimeAbi}, the device has {device.RuntimeAbi}",
            AgentError.Ram => $"{Fields.RamBytes} bytes of RAM, the device gives {device.ModelRamBytes}",
            AgentError.SlotTooSmall => $"{Fields.Length} bytes, a slot has {device.SlotBytes}",
            AgentError.Expired => $"it expired at {Expires:u}",
            _ => "its inputs or outputs are not those of the application",
        };
        throw new OtaException(AgentErrors.CodeOf(error)!, $"'{Fields.Name}' {Fields.Version} does not fit the device: {numbers}.");
    }

    /// <summary>Requires that a stored model is the one that the manifest names.</summary>
    /// <param name="stored">The bytes that devices store; the ciphertext if the model is encrypted.</param>
    /// <exception cref="OtaException"><c>ota.model-hash</c>.</exception>
    public void RequireModel(byte[] stored)
    {
        if (stored.Length != Fields.Length)
            throw new OtaException(OtaErrorCodes.ModelHash, $"The model has {stored.Length} bytes; '{Fields.Name}' {Fields.Version} was signed for {Fields.Length}.");
        if (!SHA256.HashData(stored).AsSpan().SequenceEqual(Fields.ModelId))
            throw new OtaException(OtaErrorCodes.ModelHash, $"The model's SHA-256 is not the one that '{Fields.Name}' {Fields.Version} was signed for.");
    }

    private static SignedManifest Read(byte[] blob, byte[]? publicKey)
    {
        var verifier = new ManifestVerifier(new HssVerifier(), new byte[ManifestFormat.MaxPayloadBytes]);
        AgentError error = verifier.Verify(new MemorySource(blob), publicKey, out Manifest fields);
        return error == AgentError.None
            ? new SignedManifest(blob, fields)
            : throw new OtaException(AgentErrors.CodeOf(error)!, $"The manifest of {blob.Length} bytes is refused: {AgentErrors.Describe(error)}.");
    }
}
