namespace EdgeMl.Mcu.Ota.Lms;

/// <summary>A pair of an LMS tree and a one-time signature on SHA-256 (RFC 8554, sections 4.1 and 5.1; RFC 9858, section 3). Immutable.</summary>
public sealed record LmsParameters
{
    private LmsParameters(int treeType, int oneTimeType, int hashBytes, int height, int width)
    {
        TreeType = treeType;
        OneTimeType = oneTimeType;
        HashBytes = hashBytes;
        Height = height;
        Width = width;
        int digits = 8 * hashBytes / width;
        int checksumBits = int.Log2(((1 << width) - 1) * digits) + 1;
        Chains = digits + ((checksumBits + width - 1) / width);
        ChecksumShift = 16 - ((Chains - digits) * width);
    }

    /// <summary>What EdgeMl.Mcu signs manifests with: LMS_SHA256_M24_H10 and LMOTS_SHA256_N24_W4.</summary>
    public static LmsParameters Product { get; } = Of(24, 10, 4);

    /// <summary>Number of the tree's type.</summary>
    public int TreeType { get; }

    /// <summary>Number of the one-time signature's type.</summary>
    public int OneTimeType { get; }

    /// <summary>Bytes of a hash value: n and m.</summary>
    public int HashBytes { get; }

    /// <summary>Height of the tree: h.</summary>
    public int Height { get; }

    /// <summary>Bits of a Winternitz coefficient: w.</summary>
    public int Width { get; }

    /// <summary>Hash chains of a one-time signature: p.</summary>
    public int Chains { get; }

    /// <summary>Left shift of the checksum: ls.</summary>
    public int ChecksumShift { get; }

    /// <summary>Signatures that one key can make.</summary>
    public int LeafCount => 1 << Height;

    /// <summary>Bytes of a public key of LMS, without HSS.</summary>
    public int PublicKeyBytes => 24 + HashBytes;

    /// <summary>Bytes of a signature of LMS, without HSS.</summary>
    public int SignatureBytes => 12 + (HashBytes * (1 + Chains + Height));

    /// <summary>The parameter set of given sizes.</summary>
    /// <param name="hashBytes">24 or 32.</param>
    /// <param name="height">5, 10 or 15.</param>
    /// <param name="width">1, 2, 4 or 8.</param>
    public static LmsParameters Of(int hashBytes, int height, int width)
    {
        if (hashBytes is not (24 or 32))
            throw new ArgumentOutOfRangeException(nameof(hashBytes), hashBytes, "24 or 32.");
        if (height is not (5 or 10 or 15))
            throw new ArgumentOutOfRangeException(nameof(height), height, "5, 10 or 15.");
        if (width is not (1 or 2 or 4 or 8))
            throw new ArgumentOutOfRangeException(nameof(width), width, "1, 2, 4 or 8.");
        bool isShort = hashBytes == 24;
        return new LmsParameters((isShort ? 10 : 5) + (height / 5) - 1, (isShort ? 5 : 1) + int.Log2(width), hashBytes, height, width);
    }
}
