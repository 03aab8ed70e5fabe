using EdgeMl.Mcu.Bench.WireProtocol;
using EdgeMl.Mcu.Link.Ports;

namespace EdgeMl.Mcu.Bench.Devices.Boards;

/// <summary>The application's files on a virtual board; they are the same that the Wire Protocol stores.</summary>
/// <param name="board">Keeps them.</param>
internal sealed class VirtualBoardFiles(VirtualSerialBoard board) : LinkFiles
{
    private string? _path;
    private byte[] _content = [];

    /// <summary>Path of a file on the board.</summary>
    public static string PathOf(string name) => @"I:\" + name;

    /// <inheritdoc/>
    public override bool Create(string name, int length)
    {
        (_path, _content) = (PathOf(name), new byte[length]);
        return true;
    }

    /// <inheritdoc/>
    public override bool Write(int offset, byte[] buffer, int index, int count)
    {
        buffer.AsSpan(index, count).CopyTo(_content.AsSpan(offset));
        return true;
    }

    /// <inheritdoc/>
    public override bool Read(int offset, byte[] buffer, int index, int count)
    {
        _content.AsSpan(offset, count).CopyTo(buffer.AsSpan(index));
        return true;
    }

    /// <inheritdoc/>
    public override bool Commit()
    {
        board.Store(_path!, _content);
        return true;
    }

    /// <inheritdoc/>
    public override void Abandon() => _path = null;
}
