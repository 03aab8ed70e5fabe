using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent.Manifests;

/// <summary>Hashes bytes that are not in RAM.</summary>
public static class SourceHash
{
    /// <summary>Appends a range of a source to a hash.</summary>
    /// <param name="hash">Takes the bytes.</param>
    /// <param name="source">Holds them.</param>
    /// <param name="offset">Where they begin.</param>
    /// <param name="count">Their number; they lie within the source.</param>
    /// <param name="buffer">Used to read a piece at a time; any length from 1 on.</param>
    /// <returns>Whether all of them could be read.</returns>
    public static bool Append(Sha256 hash, ByteSource source, int offset, int count, byte[] buffer)
    {
        while (count > 0)
        {
            int part = count < buffer.Length ? count : buffer.Length;
            if (!source.Read(offset, buffer, 0, part))
                return false;
            hash.Append(buffer, 0, part);
            offset += part;
            count -= part;
        }
        return true;
    }
}
