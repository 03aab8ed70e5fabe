using System.Security.Cryptography;
using System.Text;
using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Manifests;

namespace EdgeMl.Mcu.Ota.Manifests;

/// <summary>Makes manifest blobs.</summary>
public static class ManifestBuilder
{
    private const int Expires = 12;
    private const int Encryption = 13;
    private const int Labels = 14;
    private const int RequiredKeys = 12;

    /// <summary>Makes the blob of a manifest: the signed item and the hashes of the chunks.</summary>
    /// <param name="content">What it says.</param>
    /// <param name="sign">Gives the signature of a message.</param>
    /// <exception cref="OtaException"><c>ota.manifest-argument</c>: a field is out of its range; nothing was signed then.</exception>
    public static byte[] Build(ManifestContent content, Func<byte[], byte[]> sign)
    {
        byte[] hashes = content.ChunkHashes();
        byte[] payload = Payload(content, SHA256.HashData(hashes));
        return [.. SignedItemWriter.Item(payload, sign(SignedItemWriter.SignedBytes(payload))), .. hashes];
    }

    private static byte[] Payload(ManifestContent content, byte[] chunkRoot)
    {
        Check(content);
        byte[] buffer = new byte[ManifestFormat.MaxPayloadBytes];
        var writer = new CborWriter();
        writer.Reset(buffer, 0, buffer.Length);
        int optional = (content.Expires is null ? 0 : 1) + (content.Encryption is null ? 0 : 1) + (content.Labels.IsEmpty ? 0 : 1);
        writer.WriteMap(RequiredKeys + optional);
        WriteNumber(writer, 0, ManifestFormat.ManifestVersion);
        WriteText(writer, 1, content.Name);
        WriteText(writer, 2, content.Version);
        WriteNumber(writer, 3, content.Epoch);
        WriteNumber(writer, 4, content.RuntimeAbi);
        WriteNumber(writer, 5, content.RamBytes);
        WriteTensors(writer, 6, content.Inputs);
        WriteTensors(writer, 7, content.Outputs);
        WriteBytes(writer, 8, SHA256.HashData(content.Stored));
        WriteNumber(writer, 9, content.Stored.Length);
        WriteNumber(writer, 10, content.ChunkSize);
        WriteBytes(writer, 11, chunkRoot);
        if (content.Expires is { } expires)
            WriteNumber(writer, Expires, expires.ToUnixTimeSeconds());
        if (content.Encryption is { } encryption)
        {
            writer.WriteInteger(Encryption);
            writer.WriteMap(3);
            WriteNumber(writer, 0, ManifestFormat.AesCtr);
            WriteBytes(writer, 1, encryption.Nonce);
            WriteBytes(writer, 2, encryption.KeyId);
        }
        WriteLabels(writer, content);
        return writer.Failed
            ? throw Refused($"The manifest is longer than {ManifestFormat.MaxPayloadBytes} bytes.", "Give fewer or shorter labels.")
            : buffer[..writer.Length];
    }

    private static void Check(ManifestContent content)
    {
        if (!ManifestFormat.IsName(content.Name, ManifestFormat.NameLengthMax))
            throw Refused($"'{content.Name}' cannot be the name of a model: it takes 1 to {ManifestFormat.NameLengthMax} characters of A-Z a-z 0-9 - _ . +");
        if (!ManifestFormat.IsName(content.Version, ManifestFormat.VersionLengthMax))
            throw Refused($"'{content.Version}' cannot be a version: it takes 1 to {ManifestFormat.VersionLengthMax} characters of A-Z a-z 0-9 - _ . +");
        if (content.Epoch < 0)
            throw Refused($"Epoch {content.Epoch} is below 0.");
        if (!ManifestFormat.IsChunkSize(content.ChunkSize))
            throw Refused($"{content.ChunkSize} bytes cannot be the size of chunks: it is a power of two from {ManifestFormat.ChunkBytesMin} to {ManifestFormat.ChunkBytesMax}.");
        if (content.Expires is { } expires && expires.ToUnixTimeSeconds() < 1)
            throw Refused($"A manifest cannot expire at {expires:u}.", "Give a time after 1970.");
    }

    private static void WriteTensors(CborWriter writer, int key, IReadOnlyList<ManifestTensor> tensors)
    {
        writer.WriteInteger(key);
        writer.WriteArray(tensors.Count);
        foreach (ManifestTensor tensor in tensors)
        {
            writer.WriteArray(2);
            writer.WriteInteger((int)tensor.Type);
            writer.WriteArray(tensor.Rank);
            for (int axis = 0; axis < tensor.Rank; axis++)
                writer.WriteInteger(tensor.Dimension(axis));
        }
    }

    /// <summary>Keys in the order of their encodings: the shorter first, then byte by byte.</summary>
    private static void WriteLabels(CborWriter writer, ManifestContent content)
    {
        if (content.Labels.IsEmpty)
            return;
        writer.WriteInteger(Labels);
        writer.WriteMap(content.Labels.Count);
        foreach (string key in content.Labels.Keys.OrderBy(Encoding.UTF8.GetByteCount).ThenBy(key => Convert.ToHexString(Encoding.UTF8.GetBytes(key)), StringComparer.Ordinal))
        {
            writer.WriteText(key);
            writer.WriteText(content.Labels[key]);
        }
    }

    private static void WriteNumber(CborWriter writer, int key, long value)
    {
        writer.WriteInteger(key);
        writer.WriteInteger(value);
    }

    private static void WriteText(CborWriter writer, int key, string value)
    {
        writer.WriteInteger(key);
        writer.WriteText(value);
    }

    private static void WriteBytes(CborWriter writer, int key, byte[] value)
    {
        writer.WriteInteger(key);
        writer.WriteBytes(value, 0, value.Length);
    }

    private static OtaException Refused(string message, string? hint = null) => new(OtaErrorCodes.ManifestArgument, message, hint);
}
