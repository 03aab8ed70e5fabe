using EdgeMl.Mcu.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EdgeMl.Mcu.Metering.Tests;

/// <summary>Compiles C# for the nanoFramework subset.</summary>
internal static class Device
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp10, preprocessorSymbols: ["DEBUG"]);

    /// <summary>The image of an assembly.</summary>
    public static byte[] Compile(string source, string name = "Program", params byte[][] references)
    {
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, deterministic: true);
        IEnumerable<MetadataReference> all = references.Select(reference => (MetadataReference)MetadataReference.CreateFromImage(reference)).Prepend(MetadataReference.CreateFromFile(SubsetBuilds.NanoReference));
        using var image = new MemoryStream();
        var result = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(source, ParseOptions)], all, options).Emit(image);
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        return image.ToArray();
    }

    /// <summary>A metered program of one class <c>P</c> with these members.</summary>
    public static MeteredProgram Load(string members) => MeteredProgram.Load(Compile($$"""using System; public static class P { {{members}} }"""));
}
