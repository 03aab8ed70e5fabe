using System;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Agent.Delta;

/// <summary>
/// Makes a file from a base and a delta, from its first byte to its last, in blocks of any size. All memory is allocated at construction (about 2.2 KB); one
/// decoder opens one delta after another. A damaged delta ends with an error and never reads outside its sources. Not thread-safe.
/// </summary>
public sealed class DeltaDecoder
{
    private readonly RangeDecoder _coder = new RangeDecoder(DeltaModel.Contexts);
    private readonly DeltaModel _model;
    private ByteSource _base;
    private ByteSource _delta;
    private bool _isStored;
    private int _baseLength;
    private bool _isCopy;
    private int _diagonal;
    private int _segmentEnd;
    private int _blockEnd;
    private bool _isBlockChanged;
    private int _runEnd;
    private bool _isRunChanged;

    /// <summary>Creates a decoder; all memory that it needs.</summary>
    public DeltaDecoder()
    {
        _model = new DeltaModel(_coder);
        Error = DeltaError.NotOpen;
    }

    /// <summary>Why <see cref="Open"/> or <see cref="Next"/> gave nothing; stays until the next <see cref="Open"/>.</summary>
    public DeltaError Error { get; private set; }

    /// <summary>Bytes of the file, once a delta is open.</summary>
    public int TargetLength { get; private set; }

    /// <summary>Number of the file's bytes given so far.</summary>
    public int Position { get; private set; }

    /// <summary>Opens a delta and verifies its checksum and, unless the file is stored in it, length and checksum of the base. Reads both to their end.</summary>
    /// <param name="original">The base; it must not change until the file is made.</param>
    /// <param name="delta">The delta, as long as its source.</param>
    public DeltaError Open(ByteSource original, ByteSource delta)
    {
        _base = original;
        _delta = delta;
        TargetLength = 0;
        Position = 0;
        Error = ReadHeader();
        if (Error != DeltaError.None)
            return Error;
        _diagonal = 0;
        _segmentEnd = 0;
        if (!_isStored)
        {
            _model.Reset();
            _coder.Begin(delta, DeltaFormat.HeaderBytes, delta.Length - DeltaFormat.ChecksumBytes);
        }
        return Error;
    }

    /// <summary>Gives the next bytes of the file. After a failure the block's content means nothing.</summary>
    /// <param name="block">Where they go, from its start.</param>
    /// <param name="count">How many, 0 to what is left of the file.</param>
    /// <returns>False where <see cref="Error"/> says why not.</returns>
    public bool Next(byte[] block, int count)
    {
        if (Error != DeltaError.None)
            return false;
        if (count < 0 || count > TargetLength - Position || count > block.Length)
            Error = DeltaError.PastEnd;
        else if (_isStored)
            CopyStored(block, count);
        else
            Decode(block, count);
        return Error == DeltaError.None;
    }

    private DeltaError ReadHeader()
    {
        byte[] header = _coder.Window;
        int end = _delta.Length - DeltaFormat.ChecksumBytes;
        if (end < DeltaFormat.HeaderBytes)
            return DeltaError.Truncated;
        if (end > DeltaFormat.HeaderBytes + DeltaFormat.BytesMax)
            return DeltaError.BadHeader;
        if (!_delta.Read(0, header, 0, DeltaFormat.HeaderBytes))
            return DeltaError.SourceFailed;
        if (BitConverter.ToInt32(header, DeltaFormat.MagicOffset) != DeltaFormat.Magic)
            return DeltaError.NotADelta;
        if (header[DeltaFormat.VersionOffset] != DeltaFormat.Version)
            return DeltaError.FormatVersion;
        int body = header[DeltaFormat.BodyOffset];
        int baseLength = BitConverter.ToInt32(header, DeltaFormat.BaseLengthOffset);
        uint baseChecksum = (uint)BitConverter.ToInt32(header, DeltaFormat.BaseChecksumOffset);
        int length = BitConverter.ToInt32(header, DeltaFormat.TargetLengthOffset);
        if (!Crc32.TryCompute(_delta, end, header, out uint checksum) || !_delta.Read(end, header, 0, DeltaFormat.ChecksumBytes))
            return DeltaError.SourceFailed;
        if (checksum != (uint)BitConverter.ToInt32(header, 0))
            return DeltaError.Checksum;
        _isStored = body == DeltaFormat.Stored;
        if (length < 0 || length > DeltaFormat.BytesMax || baseLength < 0 || baseLength > DeltaFormat.BytesMax || (!_isStored && body != DeltaFormat.Coded)
            || (_isStored && length != end - DeltaFormat.HeaderBytes))
        {
            return DeltaError.BadHeader;
        }
        TargetLength = length;
        _baseLength = baseLength;
        return _isStored ? DeltaError.None : CheckBase(baseChecksum, header);
    }

    private DeltaError CheckBase(uint expected, byte[] buffer)
    {
        if (_base.Length != _baseLength)
            return DeltaError.WrongBase;
        if (!Crc32.TryCompute(_base, _baseLength, buffer, out uint checksum))
            return DeltaError.SourceFailed;
        return checksum == expected ? DeltaError.None : DeltaError.WrongBase;
    }

    private void CopyStored(byte[] block, int count)
    {
        if (_delta.Read(DeltaFormat.HeaderBytes + Position, block, 0, count))
            Position += count;
        else
            Error = DeltaError.SourceFailed;
    }

    private void Decode(byte[] block, int count)
    {
        int index = 0;
        while (index < count)
        {
            if (Position == _segmentEnd && !BeginSegment())
                return;
            int part = _segmentEnd - Position < count - index ? _segmentEnd - Position : count - index;
            if (!_isCopy)
                DecodeLiteral(block, index, part);
            else if (_base.Read(Position + _diagonal, block, index, part))
                Correct(block, index, part);
            else
                Error = DeltaError.SourceFailed;
            if (!_coder.IsIntact)
                Error = DeltaError.SourceFailed;
            if (Error != DeltaError.None)
                return;
            index += part;
            Position += part;
        }
    }

    private bool BeginSegment()
    {
        _isCopy = _model.IsCopy(0) != 0;
        int length = _model.Length(0);
        bool fits = length > 0 && length <= TargetLength - Position;
        if (fits && _isCopy)
        {
            _diagonal += _model.Diagonal(0);
            int offset = Position + _diagonal;
            fits = offset >= 0 && offset <= _baseLength - length;
        }
        _segmentEnd = Position + length;
        _blockEnd = Position;
        _runEnd = Position;
        if (!fits)
            Error = _coder.IsIntact ? DeltaError.BadSegment : DeltaError.SourceFailed;
        return fits;
    }

    private void DecodeLiteral(byte[] block, int index, int count)
    {
        int end = index + count;
        for (int i = index; i < end; i++)
            block[i] = (byte)_model.Literal(0);
    }

    /// <summary>Turns bytes of the base into bytes of the file.</summary>
    private void Correct(byte[] block, int index, int count)
    {
        int toIndex = index - Position;
        int position = Position;
        int end = position + count;
        while (position < end)
        {
            if (position == _runEnd)
                BeginRun(position);
            int stop = _runEnd < end ? _runEnd : end;
            if (_isRunChanged)
            {
                for (; position < stop; position++)
                    block[position + toIndex] = (byte)_model.Correct(position, block[position + toIndex], 0);
            }
            position = stop;
        }
    }

    /// <summary>Begins a block without a change, or a group of one with changes.</summary>
    private void BeginRun(int position)
    {
        if (position == _blockEnd)
        {
            _blockEnd = End(position, DeltaFormat.BlockBytes);
            _isBlockChanged = _model.IsBlockChanged(0) != 0;
        }
        _runEnd = _isBlockChanged ? End(position, DeltaFormat.GroupBytes) : _blockEnd;
        _isRunChanged = _isBlockChanged && _model.IsGroupChanged(0) != 0;
    }

    private int End(int position, int size)
    {
        int end = (position | (size - 1)) + 1;
        return end < _segmentEnd ? end : _segmentEnd;
    }
}
