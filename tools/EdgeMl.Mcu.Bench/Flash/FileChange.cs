namespace EdgeMl.Mcu.Bench.Flash;

/// <summary>A change of a file that is not durable yet.</summary>
/// <param name="Kind">Create, write or delete.</param>
/// <param name="File">Number of the file.</param>
/// <param name="Offset">First byte written.</param>
/// <param name="Bytes">The bytes written.</param>
internal sealed record FileChange(OperationKind Kind, int File, int Offset, byte[] Bytes)
{
    /// <summary>The file after the change.</summary>
    /// <param name="bytes">The file before, null where it was absent. It does not change, unless it is reused.</param>
    /// <param name="kept">Bytes of the write that take effect.</param>
    /// <param name="undefined">The file has its new length, and its new bytes after the kept ones are undefined.</param>
    /// <param name="reuse">Whether the result may be the array given.</param>
    public byte[]? Apply(byte[]? bytes, int kept, bool undefined = false, bool reuse = false)
    {
        if (Kind == OperationKind.Delete)
            return null;
        bytes ??= [];
        if (Kind == OperationKind.Create)
            return bytes;
        int end = Offset + (undefined ? Bytes.Length : kept);
        byte[] result = reuse && end <= bytes.Length ? bytes : new byte[Math.Max(bytes.Length, end)];
        if (result != bytes)
        {
            bytes.CopyTo(result, 0);
            if (Offset > bytes.Length)
                Undefined.Fill(result.AsSpan(bytes.Length, Offset - bytes.Length), Offset);
        }
        Bytes.AsSpan(0, kept).CopyTo(result.AsSpan(Offset));
        if (undefined)
            Undefined.Fill(result.AsSpan(Offset + kept, Bytes.Length - kept), Offset + 1);
        return result;
    }
}
