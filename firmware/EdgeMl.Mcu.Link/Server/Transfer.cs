using System;
using EdgeMl.Mcu.Link.Framing;
using EdgeMl.Mcu.Link.Ports;

namespace EdgeMl.Mcu.Link.Server;

/// <summary>A model or a file on its way to the device. There is one at a time; it survives a break of the line, not a restart.</summary>
internal sealed class Transfer
{
    private const int BlockPayloadMin = 5;
    private const int BeginPayloadMin = 9;
    private const int NameLengthMax = 32;

    private readonly LinkLimits _limits;
    private readonly LinkFiles _files;
    private readonly InferenceSession _session;
    private TransferState _state;
    private TransferTarget _target;
    private byte[] _model;
    private string _name;
    private int _length;
    private uint _checksum;
    private int _next;
    private uint _soFar;

    internal Transfer(LinkLimits limits, LinkFiles files, InferenceSession session)
    {
        _limits = limits;
        _files = files;
        _session = session;
    }

    /// <summary>Begins, or goes on with what was begun with the same length and checksum. The answer says the next byte that is missing.</summary>
    internal int Begin(FrameReader request, FrameWriter answer)
    {
        if (request.PayloadLength < BeginPayloadMin)
            return (int)LinkError.Format;
        var target = (TransferTarget)request.ReadByte(0);
        int length = request.ReadInt32(1);
        uint checksum = (uint)request.ReadInt32(5);
        int nameLength = request.PayloadLength - BeginPayloadMin;
        // A file that was stored may have been changed since, so it is stored again; a model is in RAM of the link's own.
        bool goesOn = _state == TransferState.Receiving || (_state == TransferState.Complete && target == TransferTarget.Model);
        if (goesOn && target == _target && length == _length && checksum == _checksum && IsSameName(request, nameLength))
        {
            WriteNext(answer);
            return 0;
        }
        Abandon();
        LinkError error = target == TransferTarget.Model && nameLength == 0 ? BeginModel(length)
            : target == TransferTarget.File ? BeginFile(request, nameLength, length)
            : LinkError.Format;
        if (error != LinkError.None)
            return (int)error;
        _state = TransferState.Receiving;
        _target = target;
        _length = length;
        _checksum = checksum;
        _next = 0;
        _soFar = 0;
        WriteNext(answer);
        return 0;
    }

    /// <summary>Takes a block. One that has come before is taken as done.</summary>
    internal int Block(FrameReader request, FrameWriter answer)
    {
        if (request.PayloadLength < BlockPayloadMin)
            return (int)LinkError.Format;
        if (_state == TransferState.None)
            return (int)LinkError.NoTransfer;
        int offset = request.ReadInt32(0);
        int count = request.PayloadLength - 4;
        if (offset < 0 || count > _length - offset)
            return (int)LinkError.Format;
        if (offset + count > _next)
        {
            if (offset != _next)
            {
                WriteNext(answer);
                return (int)LinkError.Offset;
            }
            if (_target == TransferTarget.Model)
            {
                Array.Copy(request.Buffer, request.PayloadOffset + 4, _model, offset, count);
            }
            else if (!_files.Write(offset, request.Buffer, request.PayloadOffset + 4, count))
            {
                Abandon();
                return (int)LinkError.FileFailed;
            }
            _soFar = Crc32C.Append(_soFar, request.Buffer, request.PayloadOffset + 4, count);
            _next += count;
        }
        WriteNext(answer);
        return 0;
    }

    /// <summary>Says how far it is.</summary>
    internal int Report(FrameWriter answer)
    {
        answer.WriteByte((int)_state);
        answer.WriteByte((int)_target);
        answer.WriteInt32(_length);
        answer.WriteInt32((int)_checksum);
        answer.WriteInt32(_next);
        return 0;
    }

    /// <summary>Checks the whole, and loads or stores it.</summary>
    internal int Commit(FrameReader request, FrameWriter answer)
    {
        if (request.PayloadLength != 4)
            return (int)LinkError.Format;
        if (_state == TransferState.None || (uint)request.ReadInt32(0) != _checksum)
            return (int)LinkError.NoTransfer;
        if (_state == TransferState.Complete)
            return 0;
        if (_next < _length)
        {
            WriteNext(answer);
            return (int)LinkError.Incomplete;
        }
        int error = _soFar != _checksum ? (int)LinkError.Checksum : _target == TransferTarget.Model ? LoadModel() : StoreFile(answer);
        if (error == 0)
            _state = TransferState.Complete;
        else
            Abandon();
        return error;
    }

    private LinkError BeginModel(int length)
    {
        if (length <= 0 || length > _limits.ModelBytesMax)
            return LinkError.OutOfMemory;
        _session.Unload();
        try
        {
            _model = new byte[length];
            return LinkError.None;
        }
        catch (OutOfMemoryException)
        {
            return LinkError.OutOfMemory;
        }
    }

    private LinkError BeginFile(FrameReader request, int nameLength, int length)
    {
        if (_files == null)
            return LinkError.NoFiles;
        if (!IsName(request, nameLength))
            return LinkError.FileName;
        if (length <= 0 || length > _limits.FileBytesMax)
            return LinkError.FileFailed;
        var name = new char[nameLength];
        for (int i = 0; i < nameLength; i++)
            name[i] = (char)request.ReadByte(BeginPayloadMin + i);
        _name = new string(name);
        return _files.Create(_name, length) ? LinkError.None : LinkError.FileFailed;
    }

    private int LoadModel()
    {
        byte[] model = _model;
        _model = null;
        return _session.Load(model);
    }

    /// <summary>Reads the file back through the buffer of the answer's payload before it takes its place.</summary>
    private int StoreFile(FrameWriter answer)
    {
        uint stored = 0;
        int size = answer.Room;
        for (int offset = 0; offset < _length; offset += size)
        {
            int count = _length - offset < size ? _length - offset : size;
            if (!_files.Read(offset, answer.Buffer, answer.Place, count))
                return (int)LinkError.FileFailed;
            stored = Crc32C.Append(stored, answer.Buffer, answer.Place, count);
        }
        if (stored != _checksum)
            return (int)LinkError.Checksum;
        return _files.Commit() ? 0 : (int)LinkError.FileFailed;
    }

    private void Abandon()
    {
        if (_state == TransferState.Receiving && _target == TransferTarget.File)
            _files.Abandon();
        _state = TransferState.None;
        _model = null;
        _name = null;
        _length = 0;
        _checksum = 0;
        _next = 0;
    }

    private void WriteNext(FrameWriter answer)
    {
        answer.WriteInt32(_next);
    }

    private bool IsSameName(FrameReader request, int length)
    {
        if (_target == TransferTarget.Model)
            return length == 0;
        if (length != _name.Length)
            return false;
        for (int i = 0; i < length; i++)
        {
            if (request.ReadByte(BeginPayloadMin + i) != _name[i])
                return false;
        }
        return true;
    }

    private static bool IsName(FrameReader request, int length)
    {
        if (length < 1 || length > NameLengthMax)
            return false;
        for (int i = 0; i < length; i++)
        {
            int c = request.ReadByte(BeginPayloadMin + i);
            bool isAlphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!isAlphanumeric && (i == 0 || (c != '.' && c != '-' && c != '_')))
                return false;
        }
        return true;
    }
}
