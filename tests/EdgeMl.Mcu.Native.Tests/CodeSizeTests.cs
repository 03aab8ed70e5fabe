using System.Globalization;

namespace EdgeMl.Mcu.Native.Tests;

/// <summary>Bytes of flash on a Cortex-M4: loader, interpreter, kernels, and what they need of the C library.</summary>
public sealed class CodeSizeTests(ITestOutputHelper log)
{
    private const int NetworkBytesMax = 16 * 1024;
    private const int AllBytesMax = 32 * 1024;

    [Fact]
    public void The_kernels_of_convolutional_networks_fit_16_KiB_and_all_kernels_32()
    {
        Assert.SkipUnless(NativeDriver.CortexM4.IsAvailable, NativeDriver.CortexM4.Missing);
        string sizes = NativeDriver.Make("size");
        log.WriteLine(sizes);

        Assert.InRange(TextBytes(sizes, "size-network.elf"), 1, NetworkBytesMax);
        Assert.InRange(TextBytes(sizes, "size-all.elf"), 1, AllBytesMax);
    }

    private static int TextBytes(string sizes, string file) =>
        int.Parse(sizes.Split('\n').Single(line => line.TrimEnd().EndsWith(file, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
}
