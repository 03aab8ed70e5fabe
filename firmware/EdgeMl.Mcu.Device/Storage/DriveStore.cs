using System;
using System.IO;
using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Device.Storage;

/// <summary>The store on a drive with a file system: one file for each number, <c>edgeml0.bin</c> and so on, in one folder.</summary>
/// <remarks>
/// A flush closes the file. On littlefs, which the ESP32's <c>I:</c> is, <see cref="FileStream.Flush()"/> reaches only the file system's own buffer (the firmware calls fflush and not
/// fsync, and the build of littlefs does not flush on each write), and a file has what was written only once it is closed; on FAT both make it durable.
/// </remarks>
public sealed class DriveStore : FileStore
{
    private const string Name = "edgeml";
    private const string Ending = ".bin";

    private readonly string _prefix;
    private readonly FileStream[] _streams;
    private readonly bool[] _open;

    /// <summary>Creates a store; no file is opened yet.</summary>
    /// <param name="folder">Folder that exists, with the separator at its end, such as <c>I:\</c>.</param>
    /// <param name="files">Number of files, from 0 on.</param>
    public DriveStore(string folder, int files)
    {
        _prefix = folder + Name;
        _streams = new FileStream[files];
        _open = new bool[files];
    }

    /// <inheritdoc/>
    public override bool Open(int file)
    {
        _open[file] = Stream(file, true) != null;
        return _open[file];
    }

    /// <inheritdoc/>
    public override int Length(int file)
    {
#pragma warning disable CA1031 // The port does not throw: whatever a driver throws means that the operation failed.
        try
        {
            FileStream stream = _streams[file];
            if (stream != null)
                return (int)stream.Length;
            string path = PathOf(file);
            return File.Exists(path) ? (int)new FileInfo(path).Length : -1;
        }
        catch (Exception)
        {
            return -1;
        }
#pragma warning restore CA1031
    }

    /// <inheritdoc/>
    public override bool Read(int file, int offset, byte[] buffer, int index, int count)
    {
#pragma warning disable CA1031 // As in Length.
        try
        {
            FileStream stream = _open[file] ? Stream(file, false) : null;
            return stream != null && offset >= 0 && count <= stream.Length - offset && DriveSource.Fill(stream, offset, buffer, index, count);
        }
        catch (Exception)
        {
            return false;
        }
#pragma warning restore CA1031
    }

    /// <inheritdoc/>
    public override bool Write(int file, int offset, byte[] buffer, int index, int count)
    {
#pragma warning disable CA1031 // As in Length.
        try
        {
            FileStream stream = _open[file] ? Stream(file, true) : null;
            if (stream == null)
                return false;
            stream.Position = offset;
            stream.Write(buffer, index, count);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
#pragma warning restore CA1031
    }

    /// <inheritdoc/>
    public override bool Flush(int file)
    {
        return _open[file] && Release(file);
    }

    /// <inheritdoc/>
    public override bool Close(int file)
    {
        _open[file] = false;
        return Release(file);
    }

    /// <inheritdoc/>
    public override bool Delete(int file)
    {
        Close(file);
#pragma warning disable CA1031 // As in Length.
        try
        {
            string path = PathOf(file);
            if (File.Exists(path))
                File.Delete(path);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
#pragma warning restore CA1031
    }

    /// <summary>The stream of a file, which is opened where it is not.</summary>
    private FileStream Stream(int file, bool isCreated)
    {
#pragma warning disable CA1031 // As in Length.
        try
        {
            if (_streams[file] == null)
                _streams[file] = new FileStream(PathOf(file), isCreated ? FileMode.OpenOrCreate : FileMode.Open, FileAccess.ReadWrite);
            return _streams[file];
        }
        catch (Exception)
        {
            return null;
        }
#pragma warning restore CA1031
    }

    private bool Release(int file)
    {
        FileStream stream = _streams[file];
        _streams[file] = null;
        if (stream == null)
            return true;
#pragma warning disable CA1031 // As in Length.
        try
        {
            stream.Flush();
            stream.Close();
            return true;
        }
        catch (Exception)
        {
            return false;
        }
#pragma warning restore CA1031
    }

    private string PathOf(int file)
    {
        return _prefix + file.ToString() + Ending;
    }
}
