using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Emit.CSharp;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EdgeMl.Mcu.Testing;

/// <summary>Builds generated C#, with warnings as errors: for the nanoFramework subset, and for the host's own runtime.</summary>
public static class SourceBuild
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp10);

    private static readonly ImmutableArray<MetadataReference> HostReferences =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is "System.Private.CoreLib.dll" or "System.Runtime.dll")
            .Append(typeof(Interpreter).Assembly.Location).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>The assemblies for the nanoFramework subset, those first that others refer to; the runtime's is not among them.</summary>
    public static IReadOnlyList<byte[]> ForDevice(IReadOnlyList<SourceAssembly> assemblies) =>
        Compile(assemblies, [MetadataReference.CreateFromFile(SubsetBuilds.NanoReference), .. SubsetBuilds.RuntimeImages().Select(image => MetadataReference.CreateFromImage(image))]);

    /// <summary>The models that generated code loads on the host. All code goes into one assembly: the host has no limits, and one build is faster than many.</summary>
    public static Model[] LoadOnHost(params IReadOnlyList<(CompiledSource Source, CSharpOptions Options)> models)
    {
        SourceFile[] files = [.. models.SelectMany(model => model.Source.Assemblies).SelectMany(assembly => assembly.Sources)];
        byte[] image = Compile(new SourceAssembly("CompiledModels", "", files, 0, 0), HostReferences);
        Assembly assembly = new AssemblyLoadContext("compiled", isCollectible: true).LoadFromStream(new MemoryStream(image));
        return [.. models.Select(model => (Model)assembly.GetType($"{model.Options.Namespace}.{model.Options.ClassName}")!.GetMethod("Load")!.Invoke(null, null)!)];
    }

    private static List<byte[]> Compile(IReadOnlyList<SourceAssembly> assemblies, ImmutableArray<MetadataReference> references)
    {
        var images = new List<byte[]>();
        foreach (SourceAssembly assembly in assemblies.Reverse())
        {
            byte[] image = Compile(assembly, references);
            references = references.Add(MetadataReference.CreateFromImage(image));
            images.Add(image);
        }
        return images;
    }

    private static byte[] Compile(SourceAssembly assembly, IEnumerable<MetadataReference> references)
    {
        IEnumerable<SyntaxTree> sources = assembly.Sources.Select(source => CSharpSyntaxTree.ParseText(source.Text, ParseOptions, source.Path));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, deterministic: true, generalDiagnosticOption: ReportDiagnostic.Error);
        using var image = new MemoryStream();
        var result = CSharpCompilation.Create(assembly.Name, sources, references, options).Emit(image);
        return result.Success ? image.ToArray() : throw new InvalidOperationException(string.Join(Environment.NewLine, result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(10)));
    }
}
