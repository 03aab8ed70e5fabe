namespace EdgeMl.Mcu.Agent.Delta;

/// <summary>Why a delta does not give a file. One byte in logs; a value is never reused.</summary>
public enum DeltaError : byte
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>The data is too short for a delta.</summary>
    Truncated = 1,

    /// <summary>The data does not begin with the magic of a delta.</summary>
    NotADelta = 2,

    /// <summary>The delta's format version is not the one that this decoder reads.</summary>
    FormatVersion = 3,

    /// <summary>A header field is out of its range.</summary>
    BadHeader = 4,

    /// <summary>The checksum does not match: the delta is corrupt.</summary>
    Checksum = 5,

    /// <summary>The base does not have the length or the checksum of the file that the delta was made against.</summary>
    WrongBase = 6,

    /// <summary>A segment is longer than what is left of the file, or copies from outside the base.</summary>
    BadSegment = 7,

    /// <summary>More bytes were asked for than are left of the file, or than the block has.</summary>
    PastEnd = 8,

    /// <summary>The byte source of the base or of the delta could not be read.</summary>
    SourceFailed = 9,

    /// <summary>No delta is open.</summary>
    NotOpen = 10,
}
