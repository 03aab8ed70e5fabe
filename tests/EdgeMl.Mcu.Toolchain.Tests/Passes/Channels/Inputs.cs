namespace EdgeMl.Mcu.Toolchain.Tests.Passes.Channels;

/// <summary>int8 inputs that drive networks to their bounds, and random ones.</summary>
internal static class Inputs
{
    /// <summary>All least, all greatest, and both in turn.</summary>
    public static IEnumerable<sbyte[]> Extremes(int count)
    {
        yield return Fill(count, _ => sbyte.MinValue);
        yield return Fill(count, _ => sbyte.MaxValue);
        yield return Fill(count, i => i % 2 == 0 ? sbyte.MinValue : sbyte.MaxValue);
    }

    /// <summary>Least and greatest values as on a checkerboard of pixels.</summary>
    public static sbyte[] Checkerboard(int width, int channels, int count) =>
        Fill(count, i => ((i / channels % width) + (i / channels / width)) % 2 == 0 ? sbyte.MinValue : sbyte.MaxValue);

    /// <summary>Uniform values; a quarter of the seeds only take the bounds, which reach further.</summary>
    public static sbyte[] Random(int count, int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return Array.ConvertAll(bytes, value => seed % 4 == 3 ? value < 128 ? sbyte.MinValue : sbyte.MaxValue : (sbyte)value);
    }

    /// <summary>Pictures of random brightness and contrast, in random blocks: they reach more of a network's channels than noise, which averages out.</summary>
    public static sbyte[] Picture(int width, int channels, int count, int seed)
    {
        var random = new Random(seed);
        int block = 1 << random.Next(6);
        int contrast = random.Next(1, 256);
        int brightness = random.Next(-160, 161);
        int columns = (width + block - 1) / block;
        var blocks = new int[columns * columns * channels];
        for (int i = 0; i < blocks.Length; i++)
            blocks[i] = Math.Clamp(brightness + random.Next(-contrast, contrast + 1), sbyte.MinValue, sbyte.MaxValue);
        return Fill(count, i =>
        {
            int pixel = i / channels;
            return (sbyte)blocks[(((pixel / width / block * columns) + (pixel % width / block)) * channels) + (i % channels)];
        });
    }

    private static sbyte[] Fill(int count, Func<int, sbyte> value) => [.. Enumerable.Range(0, count).Select(value)];
}
