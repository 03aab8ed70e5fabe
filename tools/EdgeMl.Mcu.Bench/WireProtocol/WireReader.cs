namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>Finds packets in a stream of bytes. What is no packet (boot messages, noise) is handed out as text; a damaged packet costs itself only.</summary>
public sealed class WireReader
{
    private readonly byte[] _bytes = new byte[WirePacket.HeaderSize + WirePacket.PayloadMax];
    private readonly List<byte> _noise = [];
    private int _count;

    /// <summary>Packets whose header or payload was damaged.</summary>
    public int Damaged { get; private set; }

    /// <summary>Takes bytes and gives the packets that they complete.</summary>
    public IReadOnlyList<WirePacket> Take(ReadOnlySpan<byte> data)
    {
        List<WirePacket> packets = [];
        while (data.Length > 0)
        {
            int taken = Math.Min(data.Length, _bytes.Length - _count);
            data[..taken].CopyTo(_bytes.AsSpan(_count));
            _count += taken;
            data = data[taken..];
            while (TryNext(out WirePacket? packet))
            {
                if (packet is not null)
                    packets.Add(packet);
            }
        }
        return packets;
    }

    /// <summary>Bytes since the last call that belonged to no packet.</summary>
    public byte[] TakeNoise()
    {
        byte[] noise = [.. _noise];
        _noise.Clear();
        return noise;
    }

    // False where more bytes are needed; a null packet where something was thrown away.
    private bool TryNext(out WirePacket? packet)
    {
        packet = null;
        ReadOnlySpan<byte> bytes = _bytes.AsSpan(0, _count);
        int start = StartOfMarker(bytes);
        if (start > 0)
        {
            _noise.AddRange(bytes[..start]);
            Drop(start);
            return true;
        }
        if (_count < WirePacket.HeaderSize)
            return false;
        int size = WirePacket.PayloadSize(bytes);
        if (size >= 0 && _count < WirePacket.HeaderSize + size)
            return false;
        if (size >= 0)
            packet = WirePacket.Parse(bytes[..WirePacket.HeaderSize], bytes.Slice(WirePacket.HeaderSize, size));
        if (packet is null)
            Damaged++;
        // After a damaged packet the search goes on behind its marker: a whole one may have begun inside it.
        Drop(packet is null ? WirePacket.Marker.Length : WirePacket.HeaderSize + size);
        return true;
    }

    /// <summary>Place of the first marker, or of the first part of one at the end; all bytes where there is none.</summary>
    private static int StartOfMarker(ReadOnlySpan<byte> bytes)
    {
        int start = bytes.IndexOf(WirePacket.Marker);
        if (start >= 0)
            return start;
        for (int length = Math.Min(bytes.Length, WirePacket.Marker.Length - 1); length > 0; length--)
        {
            if (bytes[^length..].SequenceEqual(WirePacket.Marker[..length]))
                return bytes.Length - length;
        }
        return bytes.Length;
    }

    private void Drop(int count)
    {
        _bytes.AsSpan(count, _count - count).CopyTo(_bytes);
        _count -= count;
    }
}
