namespace EdgeMl.Mcu.Runtime.Compiled;

/// <summary>
/// Three numbers in one <see cref="long"/>: <c>a + b * 2^21 + c * 2^42</c>. Sums of products of such lanes with weights are three sums at once. A lane may be
/// negative on the way, because arithmetic is modulo 2^64; it can be read where it ends within 0 to 2^21 - 1.
/// </summary>
public static class LanePacking
{
    /// <summary>Bits of a lane.</summary>
    public const int LaneBits = 21;

    /// <summary>1 in each lane.</summary>
    public const long Ones = 1L | (1L << LaneBits) | (1L << (2 * LaneBits));

    /// <summary>Packs a run of bytes from each of three places.</summary>
    /// <param name="arena">The bytes.</param>
    /// <param name="a">Where the run of the first lane begins.</param>
    /// <param name="b">Where the run of the second lane begins.</param>
    /// <param name="c">Where the run of the third lane begins.</param>
    /// <param name="lanes">Gets the packed values.</param>
    /// <param name="start">Index of the first one.</param>
    /// <param name="count">How many.</param>
    public static void Pack(sbyte[] arena, int a, int b, int c, long[] lanes, int start, int count)
    {
        int end = start + count;
        int unrolledEnd = end - 7;
        while (start < unrolledEnd)
        {
            lanes[start] = (long)(arena[a] + (arena[b] << LaneBits)) + ((long)arena[c] << (2 * LaneBits));
            lanes[start + 1] = (long)(arena[a + 1] + (arena[b + 1] << LaneBits)) + ((long)arena[c + 1] << (2 * LaneBits));
            lanes[start + 2] = (long)(arena[a + 2] + (arena[b + 2] << LaneBits)) + ((long)arena[c + 2] << (2 * LaneBits));
            lanes[start + 3] = (long)(arena[a + 3] + (arena[b + 3] << LaneBits)) + ((long)arena[c + 3] << (2 * LaneBits));
            lanes[start + 4] = (long)(arena[a + 4] + (arena[b + 4] << LaneBits)) + ((long)arena[c + 4] << (2 * LaneBits));
            lanes[start + 5] = (long)(arena[a + 5] + (arena[b + 5] << LaneBits)) + ((long)arena[c + 5] << (2 * LaneBits));
            lanes[start + 6] = (long)(arena[a + 6] + (arena[b + 6] << LaneBits)) + ((long)arena[c + 6] << (2 * LaneBits));
            lanes[start + 7] = (long)(arena[a + 7] + (arena[b + 7] << LaneBits)) + ((long)arena[c + 7] << (2 * LaneBits));
            a += 8;
            b += 8;
            c += 8;
            start += 8;
        }
        while (start < end)
            lanes[start++] = (long)(arena[a++] + (arena[b++] << LaneBits)) + ((long)arena[c++] << (2 * LaneBits));
    }

    /// <summary>Packs a run from each of three rows of an image; rows above or below the image are padding.</summary>
    /// <param name="arena">The bytes.</param>
    /// <param name="image">Where the run would begin in the image's first row.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="rowBytes">Bytes from one row to the next.</param>
    /// <param name="row">Row of the first lane.</param>
    /// <param name="second">Rows from the first lane to the second.</param>
    /// <param name="third">Rows from the first lane to the third.</param>
    /// <param name="padding">Where a row of padding begins in <paramref name="arena"/>.</param>
    /// <param name="lanes">Gets the packed values.</param>
    /// <param name="start">Index of the first one.</param>
    /// <param name="count">How many; no row and no padding is shorter.</param>
    public static void PackRows(sbyte[] arena, int image, int height, int rowBytes, int row, int second, int third, int padding, long[] lanes, int start, int count)
    {
        second += row;
        third += row;
        int a = row < 0 || row >= height ? padding : image + (row * rowBytes);
        int b = second < 0 || second >= height ? padding : image + (second * rowBytes);
        int c = third < 0 || third >= height ? padding : image + (third * rowBytes);
        Pack(arena, a, b, c, lanes, start, count);
    }

    /// <summary>Sets a run of bytes to padding.</summary>
    public static void Pad(sbyte[] arena, int start, int count, int value)
    {
        int end = start + count;
        while (start < end)
            arena[start++] = (sbyte)value;
    }

    /// <summary>Packs one byte from each of three rows of an image; rows above or below the image are padding.</summary>
    /// <param name="arena">Array of the image.</param>
    /// <param name="index">Where the byte of the first lane would be.</param>
    /// <param name="row">Its row.</param>
    /// <param name="second">Rows from the first lane to the second.</param>
    /// <param name="third">Rows from the first lane to the third.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="rowBytes">Bytes from one row to the next.</param>
    /// <param name="padding">What stands in padding.</param>
    public static long PackColumn(sbyte[] arena, int index, int row, int second, int third, int height, int rowBytes, int padding)
    {
        int a = row >= 0 && row < height ? arena[index] : padding;
        int b = row + second >= 0 && row + second < height ? arena[index + (second * rowBytes)] : padding;
        int c = row + third >= 0 && row + third < height ? arena[index + (third * rowBytes)] : padding;
        return (long)(a + (b << LaneBits)) + ((long)c << (2 * LaneBits));
    }

    /// <summary>Sets a run of packed values to the same number in all lanes.</summary>
    public static void Fill(long[] lanes, int start, int count, int value)
    {
        int end = start + count;
        long packed = value * Ones;
        while (start < end)
            lanes[start++] = packed;
    }

    /// <summary>A table that holds values within a range: element i is <c>first + i</c>, no less than <paramref name="low"/> and no more than <paramref name="high"/>.</summary>
    /// <param name="first">What the first element stands for.</param>
    /// <param name="count">Number of elements.</param>
    /// <param name="low">Least value, within int8.</param>
    /// <param name="high">Greatest value, within int8.</param>
    public static sbyte[] SaturationTable(int first, int count, int low, int high)
    {
        var table = new sbyte[count];
        for (int i = 0; i < count; i++)
        {
            int value = first + i;
            table[i] = (sbyte)(value < low ? low : value > high ? high : value);
        }
        return table;
    }
}
