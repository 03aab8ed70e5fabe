using EdgeMl.Mcu.Link.Ports;

namespace EdgeMl.Mcu.Bench.Tests.Link;

/// <summary>A line in memory: what is put in arrives in pieces, and what is sent is kept.</summary>
internal sealed class MemoryPort : LinkPort
{
    private readonly Queue<byte> _arriving = new();

    /// <summary>All bytes that were sent.</summary>
    public List<byte> Sent { get; } = [];

    /// <summary>Most bytes that arrive at once.</summary>
    public int PieceMax { get; set; } = int.MaxValue;

    /// <summary>Whether nothing is left to arrive.</summary>
    public bool IsEmpty => _arriving.Count == 0;

    public void Put(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
            _arriving.Enqueue(value);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int taken = Math.Min(Math.Min(count, PieceMax), _arriving.Count);
        for (int i = 0; i < taken; i++)
            buffer[offset + i] = _arriving.Dequeue();
        return taken;
    }

    public override bool Write(byte[] buffer, int offset, int count)
    {
        Sent.AddRange(buffer.AsSpan(offset, count));
        return true;
    }
}
