using EdgeMl.Mcu.Link.Framing;

namespace EdgeMl.Mcu.Bench.Tests.Link;

/// <summary>Frames as bytes.</summary>
internal static class Frames
{
    /// <summary>A frame as it goes over the line, with the zero before and behind it.</summary>
    public static byte[] Make(int kind, int sequence, params byte[] payload)
    {
        var writer = new FrameWriter(FrameFormat.FrameBytesMax);
        var port = new MemoryPort();
        writer.Begin(kind, sequence);
        writer.WriteBytes(payload, 0, payload.Length);
        writer.End(0);
        Assert.False(writer.Failed);
        Assert.True(writer.Send(port));
        return [.. port.Sent];
    }

    /// <summary>All frames that a reader finds in what a port brings.</summary>
    public static List<(int Kind, int Sequence, int Status, byte[] Payload)> ReadAll(FrameReader reader, MemoryPort port)
    {
        var found = new List<(int, int, int, byte[])>();
        bool hasArrived;
        do
        {
            hasArrived = reader.Receive(port);
            while (reader.Next())
                found.Add((reader.Kind, reader.Sequence, reader.Status, reader.Buffer.AsSpan(reader.PayloadOffset, reader.PayloadLength).ToArray()));
        }
        while (hasArrived);
        return found;
    }
}
