using System.Diagnostics;
using EdgeMl.Mcu.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>
/// Compiles C# against the real mscorlib, or against the signatures of it, and turns the assembly into a PE file for the interpreter, with the real libraries
/// as what it refers to.
/// </summary>
/// <param name="folder">Takes the assemblies.</param>
/// <param name="libraries">Names of real libraries that the programs use beside mscorlib.</param>
internal sealed class DeviceCompiler(string folder, params string[] libraries)
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp10, preprocessorSymbols: ["DEBUG"]);

    private readonly string[] _libraries = [.. libraries.Prepend("mscorlib").Select(name => NanoTools.Library(name + ".dll"))];
    private readonly List<string> _assemblies = [];

    /// <summary>Whether the compiler sees the repository's signatures in place of the real libraries.</summary>
    public bool AgainstSignatures { get; init; }

    /// <summary>PE files of all assemblies compiled so far, dependencies first, real libraries included.</summary>
    public IEnumerable<string> PortableExecutables => _libraries.Concat(_assemblies).Select(assembly => Path.ChangeExtension(assembly, ".pe"));

    /// <summary>The image of an assembly compiled before, as it was before its conversion to a PE file.</summary>
    public byte[] Image(string name) => File.ReadAllBytes(Path.Combine(folder, name + ".dll"));

    /// <summary>The runtime's own sources, as they are.</summary>
    public static IEnumerable<SyntaxTree> RuntimeSources() => SourcesOf("EdgeMl.Mcu.Runtime");

    /// <summary>The agent's own sources, as they are.</summary>
    public static IEnumerable<SyntaxTree> AgentSources() => SourcesOf("EdgeMl.Mcu.Agent");

    /// <summary>The sources of a device project, as they are.</summary>
    public static IEnumerable<SyntaxTree> SourcesOf(string project)
    {
        string root = Repository.PathOf($"firmware/{project}");
        return Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path[root.Length..].Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal)
            .Select(path => Parse(File.ReadAllText(path)));
    }

    /// <summary>A source file of this project's folder <c>Device</c>.</summary>
    public static SyntaxTree DeviceSource(string file) => Parse(File.ReadAllText(Repository.PathOf($"tests/EdgeMl.Mcu.OnClr.Tests/Device/{file}")));

    /// <summary>Compiles the runtime and its optional kernels, which a program installs itself.</summary>
    public void CompileRuntime()
    {
        foreach (string assembly in SubsetBuilds.RuntimeAssemblies)
            Compile(assembly, SourcesOf(assembly));
    }

    /// <summary>The images of what <see cref="CompileRuntime"/> has compiled.</summary>
    public IReadOnlyList<byte[]> RuntimeImages() => [.. SubsetBuilds.RuntimeAssemblies.Select(Image)];

    /// <summary>Parses one source text as device code.</summary>
    public static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source, ParseOptions);

    /// <summary>Takes an assembly that lies in the folder already, with its PE file.</summary>
    public void Add(string name) => _assemblies.Add(Path.Combine(folder, name + ".dll"));

    /// <summary>Compiles an assembly that may use all those compiled before.</summary>
    public void Compile(string name, IEnumerable<SyntaxTree> sources, OutputKind kind = OutputKind.DynamicallyLinkedLibrary)
    {
        SyntaxTree version = Parse("[assembly: System.Reflection.AssemblyVersion(\"1.0.0.0\")]");
        IEnumerable<string> libraries = AgainstSignatures ? _libraries.Select(path => SubsetBuilds.ReferenceTo(Path.GetFileNameWithoutExtension(path))) : _libraries;
        IEnumerable<MetadataReference> references = libraries.Concat(_assemblies).Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpCompilationOptions(kind, optimizationLevel: OptimizationLevel.Release, deterministic: true);
        string assembly = Path.Combine(folder, name + ".dll");
        var result = CSharpCompilation.Create(name, [.. sources, version], references, options).Emit(assembly);
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        Process(assembly, Path.ChangeExtension(assembly, ".pe"));
        _assemblies.Add(assembly);
    }

    /// <summary>Takes an assembly that was built elsewhere.</summary>
    /// <param name="path">Its file, which the compiler wrote and no metadata processor has seen.</param>
    public void Take(string path)
    {
        string assembly = Path.Combine(folder, Path.GetFileName(path));
        File.Copy(path, assembly);
        Process(assembly, Path.ChangeExtension(assembly, ".pe"));
        _assemblies.Add(assembly);
    }

    private void Process(string assembly, string portable)
    {
        bool managed = NanoTools.MetadataProcessor.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(managed ? "dotnet" : NanoTools.MetadataProcessor) { RedirectStandardOutput = true, RedirectStandardError = true };
        // The metadata processor formats with cultures and does not start without them.
        start.Environment.Remove("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT");
        if (managed)
            start.ArgumentList.Add(NanoTools.MetadataProcessor);
        foreach (string reference in _libraries.Concat(_assemblies))
        {
            start.ArgumentList.Add("-loadHints");
            start.ArgumentList.Add(Path.GetFileNameWithoutExtension(reference));
            start.ArgumentList.Add(reference);
        }
        foreach (string argument in new[] { "-parse", assembly, "-compile", portable, "false" })
            start.ArgumentList.Add(argument);
        ProcessResult result = ProcessResult.Run(start, TimeSpan.FromMinutes(2));
        Assert.True(result.ExitCode == 0 && File.Exists(portable), $"The metadata processor failed with {result.ExitCode}: {result.Output}");
    }
}
