namespace EdgeMl.Mcu.Link.Framing;

/// <summary>Where the fields of a frame are, before it is stuffed. Numbers are little-endian; see docs/link.md.</summary>
public static class FrameFormat
{
    /// <summary>Version of the protocol.</summary>
    public const int Version = 1;

    /// <summary>Place of the version.</summary>
    public const int VersionOffset = 0;

    /// <summary>Place of the kind, a number of <see cref="LinkKind"/>.</summary>
    public const int KindOffset = 1;

    /// <summary>Place of the sequence number, 2 bytes.</summary>
    public const int SequenceOffset = 2;

    /// <summary>Place of the status: 0, or in an answer the number of an error.</summary>
    public const int StatusOffset = 4;

    /// <summary>Bytes before the payload.</summary>
    public const int HeaderBytes = 5;

    /// <summary>Bytes of the checksum behind the payload.</summary>
    public const int ChecksumBytes = 2;

    /// <summary>Bytes of a frame beside its payload.</summary>
    public const int OverheadBytes = HeaderBytes + ChecksumBytes;

    /// <summary>Least size of the largest frame of a device; a host sends no larger one before it knows the device's.</summary>
    public const int FrameBytesMin = 160;

    /// <summary>Size of the largest frame of a device, unless it is made otherwise.</summary>
    public const int FrameBytesDefault = 1024;

    /// <summary>Greatest size of the largest frame of a device.</summary>
    public const int FrameBytesMax = 8192;
}
