using System.Diagnostics;
using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Metering.Costs;
using EdgeMl.Mcu.Testing;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>What the meter says of memory against the heap of the real interpreter and the files of the metadata processor.</summary>
public sealed class MemoryTests(ITestOutputHelper log)
{
    private const string HeapLibrary = "nanoFramework.Runtime.Native";

    private const int ReaderBytesMax = 100;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public void Models_take_the_heap_that_the_meter_counts()
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        Assert.SkipUnless(File.Exists(NanoTools.Library(HeapLibrary + ".pe")), $"{NanoTools.LibrariesVariable} has no {HeapLibrary}.");
        byte[][] files = [.. CompiledModels.Digits.Concat(CompiledModels.Golden.Intersect(["kws_ref_int8", "magic_wand_int8"])).Select(model => CompiledModels.Get(model).Bytes)];
        using var folder = new TemporaryFolder();
        var compiler = new DeviceCompiler(folder.Path, HeapLibrary);
        compiler.CompileRuntime();
        SyntaxTree payload = PayloadSource.Compile(compiler, [.. files.Select(file => new Payload(file, []))]);
        compiler.Compile("Runner", [DeviceCompiler.DeviceSource("MemoryRunner.cs"), payload], OutputKind.ConsoleApplication);

        var start = new ProcessStartInfo(NanoTools.NanoClr, compiler.PortableExecutables) { RedirectStandardOutput = true, RedirectStandardError = true };
        string output = ProcessResult.Run(start, Limit).Output;

        long[][] heap = [.. output.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.StartsWith("heap ", StringComparison.Ordinal)).Select(line => Array.ConvertAll(line.Split(' ')[1..], long.Parse))];
        using MeteredProgram program = MeteredProgram.Load(compiler.RuntimeImages());
        Assert.Equal(files.Select(file => HeapSizes.OfArray(file.Length)), heap.Select(bytes => bytes[0]));
        // The reader of the layers' parameters is garbage once the model is loaded.
        Assert.All(files.Zip(heap), pair => Assert.InRange(ModelMeter.Open(program, pair.First).Opening!.AllocatedBytes - pair.Second[1], 0, ReaderBytesMax));
        Assert.All(heap, bytes => Assert.Equal(0, bytes[2]));
    }

    [Fact]
    public void The_size_of_a_device_assembly_is_that_of_its_file_or_up_to_three_percent_more()
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        using var folder = new TemporaryFolder();
        var compiler = new DeviceCompiler(folder.Path);
        compiler.CompileRuntime();

        foreach (string name in SubsetBuilds.RuntimeAssemblies)
        {
            long actual = new FileInfo(Path.Combine(folder.Path, name + ".pe")).Length;
            AssemblySize size = AssemblySize.Of(compiler.Image(name));
            log.WriteLine($"{name}: {actual} bytes, estimated {size.FlashBytes}; tables {size.TableBytes}");
            Assert.InRange(size.FlashBytes, actual, 1.03 * actual);
        }
        Assert.Equal(new FileInfo(NanoTools.Library("mscorlib.pe")).Length, AssemblySize.ClassLibrary.FlashBytes);
    }
}
