using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EdgeMl.Mcu.Bench.Flash;

/// <summary>The content of a memory without power. Images share the areas in which they do not differ, so nobody may change one.</summary>
public sealed class FlashImage
{
    private readonly byte[]?[] _areas;

    /// <summary>Creates an image of areas that nobody changes any more.</summary>
    /// <param name="areas">A file each, null where it is absent; or one area that is the whole flash.</param>
    public FlashImage(byte[]?[] areas) => _areas = areas;

    /// <summary>Number of areas.</summary>
    public int AreaCount => _areas.Length;

    /// <summary>The bytes of an area, null where the file is absent.</summary>
    public byte[]? Area(int index) => _areas[index];

    /// <summary>A number that two images share only if they are equal, and what was announced is equal too: 128 bits of a SHA-256.</summary>
    internal UInt128 Fingerprint(Announcements announcements)
    {
        ReadOnlySpan<byte> announced = MemoryMarshal.AsBytes(announcements.Values);
        Span<byte> all = stackalloc byte[(32 * _areas.Length) + announced.Length];
        announced.CopyTo(all[(32 * _areas.Length)..]);
        for (int i = 0; i < _areas.Length; i++)
        {
            Span<byte> part = all.Slice(32 * i, 32);
            if (_areas[i] is { } area)
                SHA256.HashData(area, part);
            else
                part.Clear();
        }
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(all, hash);
        return new UInt128(BitConverter.ToUInt64(hash), BitConverter.ToUInt64(hash[8..]));
    }
}
