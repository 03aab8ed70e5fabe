using System.Buffers;
using System.Security.Cryptography;

namespace EdgeMl.Mcu.Relay.Storage;

/// <summary>Blobs on disk, each in a file that is named by the SHA-256 of its bytes. No name comes from outside.</summary>
/// <remarks>A file is there whole or not at all. Thread-safe.</remarks>
internal sealed class BlobStore(DataFolder folder)
{
    /// <summary>Ending of files that are being written.</summary>
    public const string AsideSuffix = ".part";

    private const int CopyBytes = 64 * 1024;

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
        catch (IOException exception)
        {
            throw Failure(exception);
        }
        return id;
    }

    /// <summary>Copies a stream aside, and makes a blob of it if it is what is expected.</summary>
    /// <param name="source">Read to its end.</param>
    /// <param name="lengthMax">Bytes beyond which reading ends.</param>
    /// <param name="accept">Looks at length and SHA-256 of what has come, and throws to refuse it.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The blob's id.</returns>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.Storage"/>, <see cref="RelayErrorCodes.TooLarge"/>, or what <paramref name="accept"/> throws; nothing is left behind.</exception>
    public async Task<byte[]> WriteAsync(Stream source, long lengthMax, Action<long, byte[]> accept, CancellationToken cancellationToken)
    {
        string aside = Path.Combine(folder.BlobFolder, Guid.NewGuid().ToString("N") + AsideSuffix);
        try
        {
            byte[] id;
            await using (FileStream file = DataFolder.OpenAside(aside))
            {
                (long length, id) = await CopyAsync(source, file, lengthMax, cancellationToken);
                accept(length, id);
                file.Flush(flushToDisk: true);
            }
            File.Move(aside, PathOf(id), overwrite: true);
            return id;
        }
        catch (IOException exception) when (exception is not FileNotFoundException)
        {
            throw Failure(exception);
        }
        finally
        {
            File.Delete(aside);
        }
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
        catch (IOException exception)
        {
            throw Failure(exception);
        }
    }

    private static RelayException Failure(IOException exception) =>
        new(RelayErrorCodes.Storage, $"The relay's disk refuses: {exception.Message}", "Make room on the relay's disk, and try again.", 507, exception);

    private static async Task<(long Length, byte[] Id)> CopyAsync(Stream source, FileStream file, long lengthMax, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            long length = 0;
            for (int count; (count = await source.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                length += count;
                if (length > lengthMax)
                    throw new RelayException(RelayErrorCodes.TooLarge, $"The model has more than {lengthMax:N0} bytes.", "Publish the file that was signed.", 413);
                hash.AppendData(buffer, 0, count);
                await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }
            return (length, hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private string PathOf(ReadOnlySpan<byte> id) => Path.Combine(folder.BlobFolder, Convert.ToHexStringLower(id));
}
