using System.Text.Json;
using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Metering.Costs;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Boards;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Inspect;

namespace EdgeMl.Mcu.Cli;

/// <summary>What a device model executes and takes, measured on the nano-subset builds of those runtime assemblies that it needs; the program carries them with it.</summary>
/// <param name="Execution">One inference on random inputs.</param>
/// <param name="InMemory">Flash and heap with the whole file in RAM.</param>
/// <param name="Paged">Flash and heap with the weights read in pages.</param>
/// <param name="ScratchBytes">Part of the heap that only makes kernels faster.</param>
internal sealed record DeviceMeasurement(ExecutionReport Execution, DeviceFootprint InMemory, DeviceFootprint Paged, int ScratchBytes)
{
    /// <summary>What the interpreter has allocated when an empty program begins, mscorlib's tables included: seen on nanoCLR 1.17, 32 bits.</summary>
    private const int InterpreterBytes = 4_352;

    /// <summary>Frames of the calls that lead to a kernel, and of small methods that it calls; estimated.</summary>
    private const int OtherFramesBytes = 1_024;

    /// <summary>Large methods that may be on the call stack at once: a kernel's entry and its inner loops.</summary>
    private const int LargeFrames = 2;

    /// <summary>The nano-subset builds of the runtime and its optional kernels.</summary>
    public static IReadOnlyList<byte[]> RuntimeImages() => [.. KernelAssemblies.All.Select(ImageOf)];

    /// <summary>Measures a device model.</summary>
    /// <param name="file">An .emlm file.</param>
    /// <param name="name">Name for messages.</param>
    public static DeviceMeasurement Of(byte[] file, string name)
    {
        Model model = DeviceModelFile.Parse(file, name);
        IReadOnlyList<string> assemblies = KernelAssemblies.NeededBy(file);
        byte[][] images = [.. assemblies.Select(ImageOf)];
        AssemblySize[] sizes = [.. images.Select(AssemblySize.Of)];
        using MeteredProgram program = MeteredProgram.Load(images);
        long kernels = ModelMeter.InstallKernels(program).AllocatedBytes;
        ModelMeter meter = ModelMeter.Open(program, file);
        InferenceCount count = meter.Measure();
        ExecutionReport execution = Report(count, ModelInspector.LayersOf(model, file));
        RegionPart[] flash =
        [
            new("class library", AssemblySize.ClassLibrary.FlashBytes),
            .. assemblies.Zip(sizes, (assembly, size) => new RegionPart(PartOf(assembly), size.FlashBytes)),
            new("model file", file.Length),
        ];
        Dictionary<string, int> frames = sizes.SelectMany(size => size.FrameBytes).ToDictionary(frame => frame.Key, frame => frame.Value);
        long arena = HeapSizes.OfArray(model.ArenaBytes + model.StripBytes);
        long buffers = HeapSizes.OfArray(model.LaneBytes) + HeapSizes.OfArray(model.RowBytes);
        RegionPart[] heap =
        [
            new("interpreter and class library", InterpreterBytes),
            new("runtime", sizes.Sum(size => size.TableBytes) + program.Initialization.AllocatedBytes + kernels),
            new("call stack", count.Total.ByMethod().Select(method => frames[method.Method]).OrderDescending().Take(LargeFrames).Sum() + OtherFramesBytes),
            new("objects", meter.Opening!.AllocatedBytes - arena - buffers - model.PackedBytes),
            new("arena", arena - model.StripBytes),
            new("scratch", buffers + model.StripBytes),
            .. model.PackedBytes == 0 ? Array.Empty<RegionPart>() : [new("packed weights", model.PackedBytes)],
        ];
        PagedSize paged = PagedSize.Of(file);
        int largestActivations = Math.Max(model.ArenaBytes + model.StripBytes, model.LaneBytes);
        return new DeviceMeasurement(
            execution,
            new DeviceFootprint(assemblies, flash, [.. heap, new("model file", HeapSizes.OfArray(file.Length))], Math.Max(largestActivations, file.Length)),
            new DeviceFootprint(assemblies, flash, [.. heap, new("model head", HeapSizes.OfArray(paged.ResidentBytes)), new("weight page", HeapSizes.OfArray(paged.PageBytes))],
                Math.Max(largestActivations, Math.Max(paged.ResidentBytes, paged.PageBytes))),
            model.ScratchBytes);
    }

    // EdgeMl.Mcu.Runtime.Packed is 'runtime packed'.
    private static string PartOf(string assembly) => string.Join(' ', assembly.Split('.')[2..]).ToLowerInvariant();

    private static byte[] ImageOf(string assembly)
    {
        using Stream stream = typeof(DeviceMeasurement).Assembly.GetManifestResourceStream($"nano/{assembly}.dll")!;
        var image = new byte[stream.Length];
        stream.ReadExactly(image);
        return image;
    }

    private static ExecutionReport Report(InferenceCount count, IReadOnlyList<LayerReport> layers) => new(
        count.Total.Instructions, count.Total.Weighted, PerMac(count.Total, layers.Sum(layer => layer.Macs)), ByClass(count.Total),
        [.. count.Layers.Select((counters, i) => new LayerExecution(
            layers[i].Name, layers[i].Operator, layers[i].Macs, counters.Instructions, counters.Weighted, PerMac(counters, layers[i].Macs), ByClass(counters)))]);

    private static double? PerMac(Counters counters, long macs) => macs == 0 ? null : (double)counters.Instructions / macs;

    private static Dictionary<string, long> ByClass(Counters counters) =>
        counters.ByClass.ToDictionary(entry => JsonNamingPolicy.CamelCase.ConvertName(entry.Key.ToString()), entry => entry.Value);
}
