using System.Buffers;

namespace EdgeMl.Mcu.Mqtt.Tests.Packets;

/// <summary>Bytes as they may lie in a receive buffer: in several pieces.</summary>
internal static class Segments
{
    /// <summary>A sequence of pieces of the given lengths, used in turn until the bytes end.</summary>
    public static ReadOnlySequence<byte> Split(byte[] bytes, IReadOnlyList<int> lengths)
    {
        var first = new Segment(ReadOnlyMemory<byte>.Empty, 0);
        Segment last = first;
        for (int start = 0, i = 0; start < bytes.Length; i++)
        {
            int length = Math.Min(lengths[i % lengths.Count], bytes.Length - start);
            last = last.Append(bytes.AsMemory(start, length));
            start += length;
        }
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
