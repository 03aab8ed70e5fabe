using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Agent.Delta;

/// <summary>
/// Layout of a delta: header, body, CRC-32 of both. Little-endian. The body is the file itself (<see cref="Stored"/>) or what <see cref="BinaryCoder"/> made of
/// <see cref="DeltaModel"/>'s decisions (<see cref="Coded"/>); bytes after the end of a coded body count as 0.
/// </summary>
/// <remarks>
/// A coded body is a sequence of segments until the file is whole: what kind it is, its length, for a copy the change of its diagonal (offset in the base minus
/// offset in the file; 0 before the first copy), then its bytes. Bytes of a copy are corrections of the base's: one decision for each block of
/// <see cref="BlockBytes"/> (counted from the start of the file, cut at the ends of the segment) says whether anything in it differs, one for each group of
/// <see cref="GroupBytes"/> of a block that does, and then each byte of a group that does is coded. Bytes of a literal are coded one by one.
/// </remarks>
public static class DeltaFormat
{
    /// <summary>The first four bytes, <c>EMLD</c>, as a little-endian integer.</summary>
    public const int Magic = 0x444C4D45;

    /// <summary>Format version.</summary>
    public const int Version = 1;

    /// <summary>Body: the file as it is. Needs no base.</summary>
    public const int Stored = 0;

    /// <summary>Body: segments of copies and literals, entropy-coded.</summary>
    public const int Coded = 1;

    /// <summary>int32 <see cref="Magic"/>.</summary>
    public const int MagicOffset = 0;

    /// <summary>uint8 <see cref="Version"/>.</summary>
    public const int VersionOffset = 4;

    /// <summary>uint8 <see cref="Stored"/> or <see cref="Coded"/>.</summary>
    public const int BodyOffset = 5;

    /// <summary>int32 length of the base, 0 where the file is stored.</summary>
    public const int BaseLengthOffset = 6;

    /// <summary>uint32 CRC-32 of the base, 0 where the file is stored.</summary>
    public const int BaseChecksumOffset = 10;

    /// <summary>int32 length of the file that the delta gives.</summary>
    public const int TargetLengthOffset = 14;

    /// <summary>Bytes of the header.</summary>
    public const int HeaderBytes = 18;

    /// <summary>Bytes of the CRC-32 that ends a delta.</summary>
    public const int ChecksumBytes = 4;

    /// <summary>A delta is never longer than its file and this.</summary>
    public const int OverheadBytesMax = HeaderBytes + ChecksumBytes;

    /// <summary>Longest base, file and delta.</summary>
    public const int BytesMax = ModelFormat.MaxBytes;

    /// <summary>Bytes of a block, a power of two.</summary>
    public const int BlockBytes = 64;

    /// <summary>Bytes of a group, a power of two.</summary>
    public const int GroupBytes = 8;
}
