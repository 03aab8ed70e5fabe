namespace EdgeMl.Mcu.Toolchain.Data;

/// <summary>Reads whole files, with the errors of this library.</summary>
public static class DataFile
{
    /// <summary>Largest file that is read, in bytes (1 GiB).</summary>
    public const long BytesMax = 1L << 30;

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="ToolchainException"><c>file.not-found</c>, <c>file.unreadable</c>, <c>file.too-large</c>.</exception>
    public static byte[] ReadAllBytes(string path)
    {
        try
        {
            if (Directory.Exists(path))
                throw new ToolchainException(ErrorCodes.FileUnreadable, $"'{path}' is a folder.", "Give the path of a file.");
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            if (!stream.CanSeek)
                return ReadToEnd(stream, path);
            if (stream.Length > BytesMax)
                throw TooLarge(path);
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return content;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ToolchainException(ErrorCodes.FileNotFound, $"There is no file '{path}'.", "Check the path; it is relative to the working folder.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolchainException(ErrorCodes.FileUnreadable, $"'{path}' cannot be read: {e.Message}", null, e);
        }
    }

    private static byte[] ReadToEnd(FileStream stream, string path)
    {
        var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (content.Length + read > BytesMax)
                throw TooLarge(path);
            content.Write(buffer, 0, read);
        }
        return content.ToArray();
    }

    private static ToolchainException TooLarge(string path) =>
        new(ErrorCodes.FileTooLarge, $"'{path}' is larger than {BytesMax} bytes.", "Split the data into several files.");
}
