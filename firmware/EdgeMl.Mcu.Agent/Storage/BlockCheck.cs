namespace EdgeMl.Mcu.Agent.Storage;

/// <summary>Tells whether a block is the one that belongs to its place, by its hash.</summary>
public abstract class BlockCheck
{
    /// <summary>Whether the bytes are those of a block.</summary>
    /// <param name="block">Number of the block, 0 or more.</param>
    /// <param name="buffer">Buffer with the bytes.</param>
    /// <param name="index">The first of them.</param>
    /// <param name="count">Number of bytes, 1 or more; fewer than a block's size in the last block only.</param>
    public abstract bool Matches(int block, byte[] buffer, int index, int count);
}
