using System.Buffers.Binary;
using EdgeMl.Mcu.Agent.Delta;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Ota.Delta;

/// <summary>Makes deltas: what a device that has one file needs to make another from it. <see cref="DeltaDecoder"/> applies them.</summary>
public static class DeltaEncoder
{
    /// <summary>Makes a delta; the same one for the same files.</summary>
    /// <param name="original">The base, at most <see cref="DeltaFormat.BytesMax"/> bytes.</param>
    /// <param name="target">The file to be made from it, at most <see cref="DeltaFormat.BytesMax"/> bytes.</param>
    /// <returns>At most <see cref="DeltaFormat.OverheadBytesMax"/> bytes more than <paramref name="target"/>.</returns>
    /// <exception cref="ArgumentException">A file is longer than allowed.</exception>
    public static byte[] Encode(byte[] original, byte[] target)
    {
        RequireLength(original, nameof(original));
        RequireLength(target, nameof(target));
        byte[] aligned = EncodeBody(original, target, SegmentSearch.WithoutShift(original, target));
        byte[] shifted = EncodeBody(original, target, SegmentSearch.Find(original, target));
        byte[] body = shifted.Length < aligned.Length ? shifted : aligned;
        return body.Length < target.Length
            ? Frame(DeltaFormat.Coded, original.Length, Crc32.Compute(original, 0, original.Length), target.Length, body)
            : Frame(DeltaFormat.Stored, 0, 0, target.Length, target);
    }

    private static void RequireLength(byte[] file, string name)
    {
        if (file.Length > DeltaFormat.BytesMax)
            throw new ArgumentException($"The file has {file.Length} bytes; at most {DeltaFormat.BytesMax} can have a delta.", name);
    }

    private static byte[] Frame(int kind, int baseLength, uint baseChecksum, int targetLength, byte[] body)
    {
        int end = DeltaFormat.HeaderBytes + body.Length;
        var delta = new byte[end + DeltaFormat.ChecksumBytes];
        BinaryPrimitives.WriteInt32LittleEndian(delta.AsSpan(DeltaFormat.MagicOffset), DeltaFormat.Magic);
        delta[DeltaFormat.VersionOffset] = DeltaFormat.Version;
        delta[DeltaFormat.BodyOffset] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(delta.AsSpan(DeltaFormat.BaseLengthOffset), baseLength);
        BinaryPrimitives.WriteUInt32LittleEndian(delta.AsSpan(DeltaFormat.BaseChecksumOffset), baseChecksum);
        BinaryPrimitives.WriteInt32LittleEndian(delta.AsSpan(DeltaFormat.TargetLengthOffset), targetLength);
        body.CopyTo(delta, DeltaFormat.HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(delta.AsSpan(end), Crc32.Compute(delta, 0, end));
        return delta;
    }

    private static byte[] EncodeBody(byte[] original, byte[] target, IEnumerable<DeltaSegment> segments)
    {
        var coder = new RangeEncoder(DeltaModel.Contexts);
        var model = new DeltaModel(coder);
        int position = 0, last = 0;
        foreach (DeltaSegment segment in segments)
        {
            int end = position + segment.Length;
            model.IsCopy(segment.Diagonal is null ? 0 : 1);
            model.Length(segment.Length);
            if (segment.Diagonal is not { } diagonal)
            {
                for (; position < end; position++)
                    model.Literal(target[position]);
                continue;
            }
            model.Diagonal(diagonal - last);
            last = diagonal;
            Correct(model, original.AsSpan(position + diagonal, segment.Length), target.AsSpan(position, segment.Length), position);
            position = end;
        }
        return coder.Finish();
    }

    private static void Correct(DeltaModel model, ReadOnlySpan<byte> original, ReadOnlySpan<byte> target, int start)
    {
        for (int block = 0, next; block < target.Length; block = next)
        {
            next = End(block, DeltaFormat.BlockBytes, target.Length);
            if (model.IsBlockChanged(original[block..next].SequenceEqual(target[block..next]) ? 0 : 1) == 0)
                continue;
            for (int group = block, stop; group < next; group = stop)
            {
                stop = End(group, DeltaFormat.GroupBytes, next);
                if (model.IsGroupChanged(original[group..stop].SequenceEqual(target[group..stop]) ? 0 : 1) == 0)
                    continue;
                for (int i = group; i < stop; i++)
                    model.Correct(start + i, original[i], target[i]);
            }
        }

        int End(int index, int size, int limit) => Math.Min(((start + index) | (size - 1)) + 1 - start, limit);
    }
}
