using System;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent;

/// <summary>Bytes that are in RAM, such as those of a model that was loaded whole.</summary>
public sealed class MemorySource : ByteSource
{
    private readonly byte[] _bytes;

    /// <summary>Creates a source of all bytes of an array, which is not copied.</summary>
    public MemorySource(byte[] bytes)
    {
        _bytes = bytes;
    }

    /// <inheritdoc/>
    public override int Length => _bytes.Length;

    /// <inheritdoc/>
    public override bool Read(int offset, byte[] buffer, int index, int count)
    {
        Array.Copy(_bytes, offset, buffer, index, count);
        return true;
    }
}
