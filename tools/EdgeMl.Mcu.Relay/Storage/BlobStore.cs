using System.Security.Cryptography;

namespace EdgeMl.Mcu.Relay.Storage;

/// <summary>Blobs on disk, each in a file that is named by the SHA-256 of its bytes. No name comes from outside.</summary>
/// <remarks>A file is there whole or not at all. Thread-safe.</remarks>
internal sealed class BlobStore(DataFolder folder)
{
    /// <summary>Ending of files that are being written.</summary>
    public const string AsideSuffix = ".part";

    /// <summary>Writes a blob.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.Storage"/>; nothing is left behind.</exception>
    public byte[] Write(ReadOnlySpan<byte> content)
    {
        byte[] id = SHA256.HashData(content);
        try
        {
            if (!File.Exists(PathOf(id)))
                DataFolder.WriteWhole(PathOf(id), content);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failure(exception);
        }
        return id;
    }

    /// <summary>Reads a blob and checks it against its id.</summary>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.Storage"/>: it is gone or damaged.</exception>
    public byte[] Read(ReadOnlySpan<byte> id)
    {
        try
        {
            byte[] content = File.ReadAllBytes(PathOf(id));
            return SHA256.HashData(content).AsSpan().SequenceEqual(id)
                ? content
                : throw new RelayException(RelayErrorCodes.Storage, $"The blob {Convert.ToHexStringLower(id)} is damaged on the relay's disk.", "Publish the artifact again.", 500);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failure(exception);
        }
    }

    private static RelayException Failure(Exception exception) =>
        new(RelayErrorCodes.Storage, $"The relay's disk refuses: {exception.Message}", "Make room on the relay's disk, and try again.", 507, exception);

    private string PathOf(ReadOnlySpan<byte> id) => Path.Combine(folder.BlobFolder, Convert.ToHexStringLower(id));
}
