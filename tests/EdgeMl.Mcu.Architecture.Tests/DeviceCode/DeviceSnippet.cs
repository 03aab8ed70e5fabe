using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Mono.Cecil;

namespace EdgeMl.Mcu.Architecture.Tests.DeviceCode;

/// <summary>Compiles a piece of C# 10 against the class library's signatures, as the subset build does.</summary>
internal static class DeviceSnippet
{
    /// <summary>The compiled piece.</summary>
    /// <exception cref="InvalidOperationException">The compiler refuses it.</exception>
    public static ModuleDefinition Compile(string source)
    {
        using var image = new MemoryStream();
        EmitResult result = Compilation(source).Emit(image);
        if (!result.Success)
        {
            throw new InvalidOperationException(string.Join('\n', Errors(result)));
        }

        return ModuleDefinition.ReadModule(
            new MemoryStream(image.ToArray()), new ReaderParameters { AssemblyResolver = DeviceAssemblies.ResolverFor(null) });
    }

    /// <summary>What the compiler says against the piece; empty if it compiles.</summary>
    public static IReadOnlyList<string> ErrorsOf(string source)
    {
        using var image = new MemoryStream();
        return Errors(Compilation(source).Emit(image));
    }

    private static List<string> Errors(EmitResult result) =>
        [.. result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.ToString())];

    private static CSharpCompilation Compilation(string source) => CSharpCompilation.Create(
        "Snippet",
        [CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.CSharp10))],
        [MetadataReference.CreateFromFile(DeviceAssemblies.NanoReferencePath)],
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true));
}
