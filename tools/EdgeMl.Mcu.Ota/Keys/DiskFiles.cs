using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeMl.Mcu.Ota.Keys;

/// <summary>The file operations of keys on the machine's own file system.</summary>
public sealed class DiskFiles : KeyFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    /// <inheritdoc/>
    public override byte[]? Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OtaException(OtaErrorCodes.KeyUnreadable, $"'{path}' cannot be read: {e.Message}", null, e);
        }
    }

    /// <inheritdoc/>
    public override void Write(string path, byte[] content) => Guard(path, () =>
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var stream = new FileStream(path, options);
        stream.Write(content);
    });

    /// <inheritdoc/>
    public override void Flush(string path) => Guard(path, () =>
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        stream.Flush(flushToDisk: true);
    });

    /// <inheritdoc/>
    public override void Rename(string from, string to) => Guard(to, () => File.Move(from, to, overwrite: true));

    /// <inheritdoc/>
    /// <remarks>Windows has no such call; its file systems keep renames in order in their journal.</remarks>
    public override void FlushFolder(string path) => Guard(path, () =>
    {
        if (OperatingSystem.IsWindows())
            return;
        string folder = Path.GetDirectoryName(path)!;
        int handle = Posix.Open(folder, 0);
        if (handle < 0)
            throw new IOException($"the folder '{folder}' cannot be opened (error {Marshal.GetLastPInvokeError()})");
        int result = Posix.FileSync(handle);
        int error = Marshal.GetLastPInvokeError();
        _ = Posix.Close(handle);
        // Some network file systems have no flush of folders; they say so with EINVAL.
        if (result != 0 && error != Posix.InvalidArgument)
            throw new IOException($"the folder '{folder}' cannot be flushed (error {error})");
    });

    /// <inheritdoc/>
    public override IDisposable Lock(string path)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e.GetType() == typeof(IOException))
            {
                if (Stopwatch.GetElapsedTime(started) > LockWait)
                    throw new OtaException(OtaErrorCodes.KeyBusy, $"Another process has held the lock '{path}' for more than {LockWait.TotalSeconds} s.", "Try again when it has finished.", e);
                Thread.Sleep(LockPause);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Unwritable(path, e);
            }
        }
    }

    private static void Guard(string path, Action operation)
    {
        try
        {
            operation();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unwritable(path, e);
        }
    }

    private static OtaException Unwritable(string path, Exception e) => new(OtaErrorCodes.KeyUnwritable, $"'{path}' cannot be written: {e.Message}", null, e);

    private static class Posix
    {
        public const int InvalidArgument = 22;

        [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int FileSync(int handle);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Close(int handle);
    }
}
