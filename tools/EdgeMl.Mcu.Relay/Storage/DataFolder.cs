namespace EdgeMl.Mcu.Relay.Storage;

/// <summary>The folder of a relay: database, artifacts, first key. One process has it at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    /// <summary>Takes the folder, which is made if need be, for its owner alone.</summary>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.DataFolder"/> or <see cref="RelayErrorCodes.Storage"/>.</exception>
    public DataFolder(string path)
    {
        Root = Path.GetFullPath(path);
        try
        {
            CreateFolder(Root);
            CreateFolder(BlobFolder);
            _lock = new FileStream(Path.Combine(Root, "relay.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            DeleteLeftovers();
        }
        catch (IOException exception) when (exception is not DirectoryNotFoundException && File.Exists(Path.Combine(Root, "relay.lock")))
        {
            throw new RelayException(RelayErrorCodes.DataFolder, $"Another relay uses {Root}.", "Stop it, or give another folder (--data).", 500, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RelayException(RelayErrorCodes.Storage, $"The folder {Root} cannot be used: {exception.Message}", "Check the path and its permissions.", 500, exception);
        }
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>The database file.</summary>
    public string Database => Path.Combine(Root, "relay.db");

    /// <summary>Where blobs lie.</summary>
    public string BlobFolder => Path.Combine(Root, "blobs");

    /// <summary>Where the first API key is written.</summary>
    public string FirstKey => Path.Combine(Root, "first-api-key");

    /// <summary>Writes a file whole or not at all: aside, to the disk, then renamed. It is for its owner alone.</summary>
    public static void WriteWhole(string path, ReadOnlySpan<byte> content)
    {
        string aside = path + BlobStore.AsideSuffix;
        try
        {
            using (FileStream file = OpenAside(aside))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    /// <summary>A new file that only its owner may read.</summary>
    public static FileStream OpenAside(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private void DeleteLeftovers()
    {
        foreach (string aside in Directory.EnumerateFiles(BlobFolder, "*" + BlobStore.AsideSuffix))
            File.Delete(aside);
    }
}
