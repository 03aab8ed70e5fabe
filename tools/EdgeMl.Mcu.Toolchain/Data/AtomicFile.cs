using System.Collections.Concurrent;

namespace EdgeMl.Mcu.Toolchain.Data;

/// <summary>Writes files so that a reader sees the old content or the new one, never a part: write aside, then rename. Thread-safe.</summary>
public static class AtomicFile
{
    private static readonly ConcurrentDictionary<string, bool> Unfinished = new();

    /// <summary>Writes a file's whole content; folders on the way are created.</summary>
    /// <param name="path">The file; replaced if it exists. A symbolic link stays and its target is replaced.</param>
    /// <param name="content">The bytes.</param>
    /// <exception cref="ToolchainException"><c>file.unwritable</c>.</exception>
    public static void WriteAllBytes(string path, ReadOnlySpan<byte> content)
    {
        string? aside = null;
        try
        {
            string target = Path.GetFullPath(path);
            if (File.Exists(target))
                target = File.ResolveLinkTarget(target, returnFinalTarget: true)?.FullName ?? target;
            if (Directory.Exists(target))
                throw new ToolchainException(ErrorCodes.FileUnwritable, $"'{path}' is a folder.", "Give the path of a file.");
            if (IsDevice(target))
            {
                File.WriteAllBytes(target, content.ToArray());
                return;
            }
            string folder = Path.GetDirectoryName(target)!;
            Directory.CreateDirectory(folder);
            aside = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
            Unfinished[aside] = true;
            using (var stream = new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }
            File.Move(aside, target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ToolchainException(ErrorCodes.FileUnwritable, $"'{path}' cannot be written: {(aside is null ? e.Message : e.Message.Replace(aside, path, StringComparison.Ordinal))}", null, e);
        }
        finally
        {
            if (aside is not null)
                Discard(aside);
        }
    }

    /// <summary>Removes what writes in progress have left aside; for a process that must end at once.</summary>
    public static void DiscardUnfinished()
    {
        foreach (string aside in Unfinished.Keys)
            Discard(aside);
    }

    // Renaming over a device such as /dev/null would replace it by a file.
    private static bool IsDevice(string target) => !OperatingSystem.IsWindows() && target.StartsWith("/dev/", StringComparison.Ordinal);

    private static void Discard(string aside)
    {
        Unfinished.TryRemove(aside, out _);
        try
        {
            File.Delete(aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that led here, if any, is the one to report.
        }
    }
}
