using EdgeMl.Mcu.Link.Ports;

namespace EdgeMl.Mcu.Bench.Tests.Link;

/// <summary>Files of a board, in memory.</summary>
internal sealed class TestFiles : LinkFiles
{
    private string? _name;
    private byte[] _content = [];

    /// <summary>The files that were committed.</summary>
    public Dictionary<string, byte[]> Committed { get; } = [];

    /// <summary>Place at which the storage keeps another bit than was written; null for none.</summary>
    public int? WornAt { get; init; }

    /// <summary>Most bytes of a file.</summary>
    public int Capacity { get; init; } = int.MaxValue;

    /// <summary>Files that were given up.</summary>
    public int Abandoned { get; private set; }

    public override bool Create(string name, int length)
    {
        (_name, _content) = (name, new byte[Math.Min(length, Capacity)]);
        return length <= Capacity;
    }

    public override bool Write(int offset, byte[] buffer, int index, int count)
    {
        buffer.AsSpan(index, count).CopyTo(_content.AsSpan(offset));
        if (WornAt is { } place && place >= offset && place < offset + count)
            _content[place] ^= 1;
        return true;
    }

    public override bool Read(int offset, byte[] buffer, int index, int count)
    {
        _content.AsSpan(offset, count).CopyTo(buffer.AsSpan(index));
        return true;
    }

    public override bool Commit()
    {
        Committed[_name!] = _content;
        return true;
    }

    public override void Abandon() => Abandoned++;
}
