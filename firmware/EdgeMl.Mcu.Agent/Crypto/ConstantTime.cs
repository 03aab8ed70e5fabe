namespace EdgeMl.Mcu.Agent.Crypto;

/// <summary>Comparisons whose steps do not depend on the bytes compared.</summary>
public static class ConstantTime
{
    /// <summary>Whether two ranges hold the same bytes. Both lie within their arrays.</summary>
    /// <param name="a">Holds the first range.</param>
    /// <param name="aIndex">Where it begins.</param>
    /// <param name="b">Holds the second range.</param>
    /// <param name="bIndex">Where it begins.</param>
    /// <param name="count">Bytes of each.</param>
    public static bool AreEqual(byte[] a, int aIndex, byte[] b, int bIndex, int count)
    {
        int difference = 0;
        for (int i = 0; i < count; i++)
            difference |= a[aIndex + i] ^ b[bIndex + i];
        return difference == 0;
    }
}
