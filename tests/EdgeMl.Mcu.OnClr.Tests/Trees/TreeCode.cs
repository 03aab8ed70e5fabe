using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit.CSharp.Trees;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EdgeMl.Mcu.OnClr.Tests.Trees;

/// <summary>Generated code of tree ensembles, compiled with warnings as errors, and an object for each that runs it in an arena of its own.</summary>
internal sealed class TreeCode
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp10);

    private readonly List<(string Name, TreeKernelSource Source, TreeEnsemble Ensemble, int InputBytes)> _kernels = [];

    /// <summary>Adds an ensemble; null where it stays with the runtime's kernel.</summary>
    public TreeKernelSource? Add(TreeEnsemble ensemble)
    {
        DeviceLayer layer = GraphLowering.Lower(RandomTrees.Graph(ensemble)).Layers[0];
        string name = $"Trees{_kernels.Count}";
        TreeKernelSource? source = TreeKernelWriter.Write(layer, name);
        if (source is not null)
            _kernels.Add((name, source, ensemble, layer.Reads[0].Buffer.Bytes));
        return source;
    }

    /// <summary>Ensembles that were compiled.</summary>
    public IReadOnlyList<TreeEnsemble> Ensembles => [.. _kernels.Select(kernel => kernel.Ensemble)];

    /// <summary>Bytes of an ensemble's input; the scores follow, then the label.</summary>
    public int InputBytes(int index) => _kernels[index].InputBytes;

    /// <summary>The source of everything.</summary>
    public string Source() => "using System;\nusing EdgeMl.Mcu.Runtime;\nnamespace Generated;\n\n"
        + string.Concat(_kernels.Select(kernel => kernel.Source.Kernel.Text + string.Concat(kernel.Source.Methods.Select(method => method.Text)) + Runner(kernel.Name, kernel.Source, kernel.Ensemble, kernel.InputBytes)));

    /// <summary>The assembly for the nanoFramework subset.</summary>
    public byte[] ForDevice() => Compile([MetadataReference.CreateFromFile(SubsetBuilds.NanoReference), MetadataReference.CreateFromFile(SubsetBuilds.Runtime)]);

    /// <summary>For each ensemble the arena and what runs the kernel in it, on the host.</summary>
    public IReadOnlyList<(sbyte[] Arena, Action Invoke)> OnHost()
    {
        MetadataReference[] references =
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(path => Path.GetFileName(path) is "System.Private.CoreLib.dll" or "System.Runtime.dll")
                .Append(typeof(Interpreter).Assembly.Location).Select(path => MetadataReference.CreateFromFile(path)),
        ];
        var context = new AssemblyLoadContext("trees", isCollectible: true);
        Assembly assembly = context.LoadFromStream(new MemoryStream(Compile(references)));
        return [.. _kernels.Select(kernel =>
        {
            object runner = Activator.CreateInstance(assembly.GetType($"Generated.{kernel.Name}Runner")!)!;
            var arena = (sbyte[])runner.GetType().GetField("Arena")!.GetValue(runner)!;
            return (arena, runner.GetType().GetMethod("Invoke")!.CreateDelegate<Action>(runner));
        })];
    }

    private static string Runner(string name, TreeKernelSource source, TreeEnsemble ensemble, int inputBytes)
    {
        int label = inputBytes + (4 * ensemble.Scores);
        int[] offsets = source.ParameterCount == 3 ? [0, inputBytes, label] : [0, inputBytes];
        string parameters = string.Join(", ", offsets.SelectMany(BitConverter.GetBytes));
        return $$"""
            public sealed class {{name}}Runner
            {
                public sbyte[] Arena = new sbyte[{{label + 8}}];
                private readonly Kernel _kernel = new {{name}}();
                private readonly Frame _frame = new Frame();

                public {{name}}Runner()
                {
                    _frame.Arena = Arena;
                    _frame.Parameters = new byte[] { {{parameters}} };
                    _frame.Lanes = new long[{{source.Lanes}}];
                }

                public void SetInput(int index, byte[] values)
                {
                    for (int i = 0; i < values.Length; i++)
                        Arena[index + i] = (sbyte)values[i];
                }

                public void Invoke()
                {
                    _kernel.Run(_frame);
                }
            }

            """;
    }

    private byte[] Compile(IEnumerable<MetadataReference> references)
    {
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, deterministic: true, generalDiagnosticOption: ReportDiagnostic.Error);
        using var image = new MemoryStream();
        var result = CSharpCompilation.Create("Generated", [CSharpSyntaxTree.ParseText(Source(), ParseOptions)], references, options).Emit(image);
        ImmutableArray<Diagnostic> errors = [.. result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(10)];
        Assert.True(result.Success, string.Join(Environment.NewLine, errors));
        return image.ToArray();
    }
}
