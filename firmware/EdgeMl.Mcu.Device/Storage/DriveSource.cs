using System;
using System.IO;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Device.Storage;

/// <summary>A file of a drive as the source of a model's bytes. It stays open.</summary>
public sealed class DriveSource : ByteSource
{
    private readonly FileStream _stream;

    private DriveSource(FileStream stream)
    {
        _stream = stream;
        Length = (int)stream.Length;
    }

    /// <inheritdoc/>
    public override int Length { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>Null where there is no such file, or it cannot be opened.</returns>
    public static DriveSource Open(string path)
    {
#pragma warning disable CA1031 // Whatever a driver throws means that there is no file to be had.
        try
        {
            return File.Exists(path) ? new DriveSource(new FileStream(path, FileMode.Open, FileAccess.Read)) : null;
        }
        catch (Exception)
        {
            return null;
        }
#pragma warning restore CA1031
    }

    /// <inheritdoc/>
    public override bool Read(int offset, byte[] buffer, int index, int count)
    {
#pragma warning disable CA1031 // A source says by its result that it could not be read.
        try
        {
            return Fill(_stream, offset, buffer, index, count);
        }
        catch (Exception)
        {
            return false;
        }
#pragma warning restore CA1031
    }

    /// <summary>Reads bytes of an open file; throws what the driver throws.</summary>
    /// <returns>False where the file ends before.</returns>
    internal static bool Fill(FileStream stream, int offset, byte[] buffer, int index, int count)
    {
        stream.Position = offset;
        while (count > 0)
        {
            int read = stream.Read(buffer, index, count);
            if (read <= 0)
                return false;
            index += read;
            count -= read;
        }
        return true;
    }
}
