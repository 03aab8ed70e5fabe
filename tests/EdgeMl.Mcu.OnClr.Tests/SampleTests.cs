using System.Diagnostics;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>The arithmetic of a sample on the real interpreter.</summary>
public sealed class SampleTests
{
    private const int Window = 256;
    private const int Bands = 16;
    private const int Windows = 12;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public void Spectral_features_are_those_that_the_model_was_trained_on_bit_for_bit()
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        short[] samples = Read<short>("raw_test.npy");
        IEnumerable<string> expected = Read<sbyte>("x_test.npy").Chunk(Bands).Take(Windows).Select(features => "features " + string.Join(' ', features));
        using var folder = new TemporaryFolder();
        var compiler = new DeviceCompiler(folder.Path);
        string[] files = ["SineTable.cs", "FixedPointFft.cs", "SpectralFeatures.cs"];
        IEnumerable<SyntaxTree> sources = files.Select(file => DeviceCompiler.Parse(File.ReadAllText(Repository.PathOf($"firmware/samples/VibrationAnomaly/{file}"))));
        compiler.Compile("Spectrum", [.. sources, DeviceCompiler.DeviceSource("SpectrumRunner.cs"), WindowSource(samples)], OutputKind.ConsoleApplication);

        var start = new ProcessStartInfo(NanoTools.NanoClr, compiler.PortableExecutables) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NANOCLR_QUIET"] = "1";
        string output = ProcessResult.Run(start, Limit).Output;

        Assert.Equal([.. expected, "end"], output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    private static T[] Read<T>(string file)
    {
        string path = Repository.PathOf($"models/vibration/{file}");
        return (T[])NpyReader.Parse(DataFile.ReadAllBytes(path), path).Values;
    }

    private static SyntaxTree WindowSource(short[] samples)
    {
        IEnumerable<string> windows = samples.Chunk(Window).Take(Windows).Select(window => $"new short[] {{ {string.Join(", ", window)} }},");
        return DeviceCompiler.Parse($"public static class Windows {{ public static readonly short[][] All = {{ {string.Concat(windows)} }}; }}");
    }
}
