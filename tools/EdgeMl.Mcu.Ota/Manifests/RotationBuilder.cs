using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Manifests;

namespace EdgeMl.Mcu.Ota.Manifests;

/// <summary>Key rotations: the next public key, signed by the one before.</summary>
public static class RotationBuilder
{
    /// <summary>Makes a rotation.</summary>
    /// <param name="publicKey">The next public key, 52 bytes.</param>
    /// <param name="generation">Number of rotations up to this one, 1 or more.</param>
    /// <param name="sign">Gives the current key's signature of a message.</param>
    public static byte[] Build(byte[] publicKey, int generation, Func<byte[], byte[]> sign)
    {
        byte[] buffer = new byte[ManifestFormat.PublicKeyBytes + 16];
        var writer = new CborWriter();
        writer.Reset(buffer, 0, buffer.Length);
        writer.WriteMap(3);
        writer.WriteInteger(0);
        writer.WriteInteger(ManifestFormat.RotationVersion);
        writer.WriteInteger(1);
        writer.WriteInteger(generation);
        writer.WriteInteger(2);
        writer.WriteBytes(publicKey, 0, publicKey.Length);
        byte[] payload = buffer[..writer.Length];
        return SignedItemWriter.Item(payload, sign(SignedItemWriter.SignedBytes(payload)));
    }

    /// <summary>Verifies a rotation.</summary>
    /// <param name="rotation">The rotation.</param>
    /// <param name="publicKey">The current public key.</param>
    /// <param name="generation">Its generation.</param>
    /// <returns>The next public key.</returns>
    /// <exception cref="OtaException"><c>ota.rotation</c>, <c>ota.rotation-generation</c>.</exception>
    public static byte[] Verify(byte[] rotation, byte[] publicKey, int generation)
    {
        byte[] next = new byte[ManifestFormat.PublicKeyBytes];
        var verifier = new ManifestVerifier(new HssVerifier(), new byte[ManifestFormat.MaxPayloadBytes]);
        AgentError error = verifier.VerifyRotation(new MemorySource(rotation), 0, rotation.Length, publicKey, generation, next);
        return error == AgentError.None
            ? next
            : throw new OtaException(AgentErrors.CodeOf(error)!, $"The rotation of {rotation.Length} bytes is refused: {AgentErrors.Describe(error)}.");
    }
}
