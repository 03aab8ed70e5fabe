namespace EdgeMl.Mcu.Agent.Crypto;

/// <summary>
/// What the two type numbers of an LMS public key mean: LMS_SHA256_M32_H5 to _H25 with LMOTS_SHA256_N32_W1 to _W8 (RFC 8554, sections 4.1 and 5.1), and the
/// same with 24 bytes (RFC 9858, section 3).
/// </summary>
internal sealed class LmsParameterSet
{
    /// <summary>Bytes of a hash value: n and m.</summary>
    internal int HashBytes { get; private set; }

    /// <summary>Height of the tree: h.</summary>
    internal int Height { get; private set; }

    /// <summary>Bits of a Winternitz digit: w.</summary>
    internal int Width { get; private set; }

    /// <summary>Digits of a message's hash: u.</summary>
    internal int Digits { get; private set; }

    /// <summary>Hash chains: p, the digits of the hash and of its checksum.</summary>
    internal int Chains { get; private set; }

    /// <summary>Left shift of the checksum: ls.</summary>
    internal int ChecksumShift { get; private set; }

    /// <summary>Bytes of a public key of LMS.</summary>
    internal int PublicKeyBytes => 24 + HashBytes;

    /// <summary>Bytes of a signature of LMS.</summary>
    internal int SignatureBytes => 12 + (HashBytes * (1 + Chains + Height));

    /// <summary>Takes the parameters of two types.</summary>
    /// <param name="treeType">Number of the LMS type.</param>
    /// <param name="oneTimeType">Number of the LM-OTS type.</param>
    /// <returns>Whether both are known and are of the same hash.</returns>
    internal bool Select(uint treeType, uint oneTimeType)
    {
        if (treeType < 5 || treeType > 14 || oneTimeType < 1 || oneTimeType > 8)
            return false;
        bool isShort = treeType >= 10;
        if (isShort != oneTimeType >= 5)
            return false;
        HashBytes = isShort ? 24 : 32;
        Height = 5 * ((int)treeType - (isShort ? 9 : 4));
        Width = 1 << (((int)oneTimeType - 1) & 3);
        Digits = 8 * HashBytes / Width;
        int checksumDigits = 0;
        for (int sum = Digits * ((1 << Width) - 1); sum > 0; sum >>= Width)
            checksumDigits++;
        Chains = Digits + checksumDigits;
        ChecksumShift = 16 - (checksumDigits * Width);
        return true;
    }
}
