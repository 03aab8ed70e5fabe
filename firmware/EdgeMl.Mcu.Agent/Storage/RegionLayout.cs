namespace EdgeMl.Mcu.Agent.Storage;

/// <summary>
/// How files lie on raw flash: two directory halves of <see cref="HalfBytes"/> each, one spare page, then the files in the order of their numbers, each on
/// pages of its own. A directory half holds records of <see cref="RecordBytes"/>, little-endian:
/// <c>kind uint8, file uint8, magic uint16, generation int32, value int32, CRC-32 of these 12 bytes uint32</c>. The first is a header, whose value is
/// the number of records that were written with it: the lengths of all files and the spare page. These make a half valid, the valid half with the higher generation counts.
/// Later records replace earlier ones of the same kind and file; one that is not whole is passed over, an erased one ends the half.
/// </summary>
internal static class RegionLayout
{
    /// <summary>Bytes of a directory record.</summary>
    public const int RecordBytes = 16;

    /// <summary>Least bytes of a directory half.</summary>
    public const int HalfBytesMin = 1024;

    /// <summary>Records written with the header, today.</summary>
    public const int SnapshotRecords = StoreFile.Count + 1;

    /// <summary>Magic of a record.</summary>
    public const int Magic = 0x5246;

    /// <summary>Kind of a half's first record.</summary>
    public const int Header = 1;

    /// <summary>Kind of a record whose value is a file's length, -1 where the file is absent.</summary>
    public const int Length = 2;

    /// <summary>Kind of a record whose value is the page that the spare page holds the new bytes of, or -1.</summary>
    public const int Spare = 3;

    /// <summary>Bytes of a directory half: whole pages.</summary>
    public static int HalfBytes(int pageBytes)
    {
        return pageBytes > HalfBytesMin ? pageBytes : HalfBytesMin;
    }
}
