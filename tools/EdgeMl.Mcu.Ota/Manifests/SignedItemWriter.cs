using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Manifests;

namespace EdgeMl.Mcu.Ota.Manifests;

/// <summary>Writes COSE_Sign1 items (RFC 9052, section 4.2) with an HSS-LMS signature.</summary>
internal static class SignedItemWriter
{
    /// <summary>What is signed: <c>["Signature1", protected, h'', payload]</c> (section 4.4).</summary>
    public static byte[] SignedBytes(byte[] payload) => [.. SignedItem.CopyOfSignedPrefix(), .. Encoded(payload)];

    /// <summary>The item of a payload and its signature.</summary>
    public static byte[] Item(byte[] payload, byte[] signature) => [.. SignedItem.CopyOfPrefix(), .. Encoded(payload), .. Encoded(signature)];

    private static byte[] Encoded(byte[] content)
    {
        var writer = new CborWriter();
        byte[] buffer = new byte[content.Length + 9];
        writer.Reset(buffer, 0, buffer.Length);
        writer.WriteBytes(content, 0, content.Length);
        return buffer[..writer.Length];
    }
}
