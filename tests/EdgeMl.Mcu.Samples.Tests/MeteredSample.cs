using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit.CSharp;

namespace EdgeMl.Mcu.Samples.Tests;

/// <summary>The part of a sample that needs no hardware, built for the subset and metered together with the runtime.</summary>
internal sealed class MeteredSample : IDisposable
{
    private readonly MeteredProgram _program;
    private readonly string _assembly;

    /// <summary>Builds a sample by the name of its folder.</summary>
    public MeteredSample(string sample)
    {
        _assembly = $"EdgeMl.Mcu.Samples.{sample}";
        SourceFile[] sources = [.. Directory.EnumerateFiles(Repository.PathOf($"firmware/samples/{sample}"), "*.cs").Select(path => new SourceFile(Path.GetFileName(path), File.ReadAllText(path)))];
        byte[] packed = File.ReadAllBytes(SubsetBuilds.PathOf("EdgeMl.Mcu.Runtime.Packed", "EdgeMl.Mcu.Runtime.Packed"));
        _program = MeteredProgram.Load([File.ReadAllBytes(SubsetBuilds.Runtime), packed, .. SourceBuild.ForDevice([new SourceAssembly(_assembly, "", sources, 0, 0)])]);
        _program.Bind<Action>("EdgeMl.Mcu.Runtime.Packed.PackedKernels", "Install")();
    }

    /// <summary>Makes an object of one of the sample's classes.</summary>
    public object Create(string type, params object[] arguments) => Activator.CreateInstance(_program.FindType($"{_assembly}.{type}"), arguments)!;

    /// <summary>Loads a device model into the metered runtime.</summary>
    public object LoadModel(byte[] file) => _program.FindType("EdgeMl.Mcu.Runtime.Model").GetMethod("Load", [typeof(byte[])])!.Invoke(null, [file])!;

    /// <summary>What an action executes.</summary>
    public Counters Measure(Action action) => _program.Measure(action);

    /// <summary>A method of an object.</summary>
    public static TDelegate Bind<TDelegate>(object target, string method)
        where TDelegate : Delegate => target.GetType().GetMethod(method)!.CreateDelegate<TDelegate>(target);

    /// <inheritdoc/>
    public void Dispose() => _program.Dispose();
}
