using System;
using System.IO;
using EdgeMl.Mcu.Link.Ports;

namespace EdgeMl.Mcu.Device.Storage;

#pragma warning disable CA1001 // It lives as long as the device runs.
/// <summary>The application's own files on a drive, as the bench link writes them: aside, and then in place of the old one.</summary>
public sealed class DriveFiles : LinkFiles
#pragma warning restore CA1001
{
    private const string Aside = "edgeml.new";

    private readonly string _folder;
    private readonly string[] _names;
    private string _name;
    private FileStream _stream;

    /// <summary>Creates it.</summary>
    /// <param name="folder">Folder that exists, with the separator at its end.</param>
    /// <param name="names">Files that may be written.</param>
    public DriveFiles(string folder, params string[] names)
    {
        _folder = folder;
        _names = names;
    }

    /// <inheritdoc/>
    public override bool Create(string name, int length)
    {
        Abandon();
        if (Array.IndexOf(_names, name) < 0)
            return false;
#pragma warning disable CA1031 // The port does not throw: whatever a driver throws means that the operation failed.
        try
        {
            if (File.Exists(_folder + Aside))
                File.Delete(_folder + Aside);
            _stream = new FileStream(_folder + Aside, FileMode.OpenOrCreate, FileAccess.ReadWrite);
            _name = name;
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override bool Write(int offset, byte[] buffer, int index, int count)
    {
        try
        {
            _stream.Position = offset;
            _stream.Write(buffer, index, count);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override bool Read(int offset, byte[] buffer, int index, int count)
    {
        try
        {
            _stream.Position = offset;
            int read = 1;
            for (int done = 0; done < count && read > 0; done += read)
                read = _stream.Read(buffer, index + done, count - done);
            return read > 0;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override bool Commit()
    {
        try
        {
            _stream.Flush();
            _stream.Close();
            _stream = null;
            string path = _folder + _name;
            if (File.Exists(path))
                File.Delete(path);
            File.Move(_folder + Aside, path);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override void Abandon()
    {
        if (_stream == null)
            return;
        try
        {
            _stream.Close();
            File.Delete(_folder + Aside);
        }
        catch (Exception)
        {
            // It is deleted before the next file.
        }
        _stream = null;
    }
#pragma warning restore CA1031
}
