using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Metering.Costs;
using EdgeMl.Mcu.Testing;
using Microsoft.CodeAnalysis;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>The IL meter against the real interpreter.</summary>
public sealed partial class MeterTests(ITestOutputHelper log)
{
    private const string CasesType = "EdgeMl.Mcu.OnClr.MeterCases";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public void Small_programs_count_as_on_the_interpreter()
    {
        Assert.SkipUnless(NanoTools.CanCount, NanoTools.CountingMissing);
        using var folder = new TemporaryFolder();
        var compiler = new DeviceCompiler(folder.Path);
        compiler.Compile("Cases", [DeviceCompiler.DeviceSource("MeterCases.cs")]);
        using MeteredProgram program = MeteredProgram.Load(compiler.Image("Cases"));
        MethodInfo[] cases = program.FindType(CasesType).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);
        string mark = "System.Diagnostics.Debug.WriteLine(\"mark\");";
        compiler.Compile("Runner", [DeviceCompiler.Parse($"public static class Runner {{ public static void Main() {{ {mark} {string.Concat(cases.Select(each => $"{CasesType}.{each.Name}(); {mark}"))} }} }}")], OutputKind.ConsoleApplication);

        long[] marks = Marks(Run(NanoTools.CountingClr, compiler));

        Assert.Equal(cases.Length + 1, marks.Length);
        Assert.Equal("Empty", cases[0].Name);
        // A pair of marks counts some instructions of its own; the empty method's return is its only one.
        long overhead = marks[1] - marks[0] - 1;
        var differences = new List<string>();
        for (int i = 0; i < cases.Length; i++)
        {
            Counters counters = program.Measure(cases[i].CreateDelegate<Action>());
            Assert.Equal(0, counters.UnknownLibraryCalls);
            long expected = marks[i + 1] - marks[i] - overhead;
            log.WriteLine($"{cases[i].Name}: {expected}");
            if (counters.Instructions != expected)
                differences.Add($"{cases[i].Name}: {counters.Instructions}, {expected} on the interpreter");
        }
        Assert.Empty(differences);
    }

    [Fact]
    public void Layers_count_as_on_the_interpreter()
    {
        Assert.SkipUnless(NanoTools.CanCount, NanoTools.CountingMissing);
        using var layers = new LayerRun([.. CompiledModels.Digits.Concat(CompiledModels.Golden.Intersect(["hello_world_int8", "magic_wand_int8", "mnist_dw_int8"]))]);

        long[] marks = Marks(Run(NanoTools.CountingClr, layers.Compiler));

        long overhead = marks[1] - marks[0] - 2;
        long[] measured = [.. layers.Metered.SelectMany(count => count.Layers).Select(layer => layer.Instructions)];
        Assert.Equal(measured, marks.Skip(2).Chunk(2).Select(pair => pair[1] - pair[0] - overhead));
        log.WriteLine($"{measured.Length} layers, {measured.Sum():N0} IL");
    }

    [Fact]
    public void The_weighted_count_ranks_layers_as_their_times_on_the_interpreter_do()
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        string[] models = ["kws_ref_int8", "magic_wand_int8", "mnist_dw_int8", "mnist_resnet_int8"];
        using var layers = new LayerRun(models);

        double[][] times = Times(Run(NanoTools.NanoClr, layers.Compiler));

        double[][] weighted = [.. layers.Metered.Select(count => count.Layers.Select(layer => layer.Weighted).ToArray())];
        Assert.Equal(weighted.Select(model => model.Length), times.Select(model => model.Length));
        for (int i = 0; i < models.Length; i++)
        {
            // Layers of equal shape take the same time but for noise, so a single model's correlation says little.
            log.WriteLine($"{models[i]}: Spearman {Ranks.Correlation(weighted[i], times[i]):F3} over {times[i].Length} layers, {times[i].Sum() / weighted[i].Sum() * 1e9:F2} ns per plain instruction");
            for (int layer = 0; layer < times[i].Length; layer++)
                log.WriteLine($"  {layers.Metered[i].Layers[layer].Instructions,12:N0} IL {weighted[i][layer],12:N0} weighted {times[i][layer] * 1e6,10:F1} us {times[i][layer] / weighted[i][layer] * 1e9,6:F2} ns");
        }
        double correlation = Ranks.Correlation([.. weighted.SelectMany(model => model)], [.. times.SelectMany(model => model)]);
        log.WriteLine($"all: Spearman {correlation:F3} over {times.Sum(model => model.Length)} layers");
        Assert.InRange(correlation, 0.9, 1);
    }

    [Fact]
    public void Known_library_methods_are_those_of_the_real_class_library()
    {
        Assert.SkipUnless(File.Exists(NanoTools.Library("mscorlib.dll")), NanoTools.Missing);
        using ModuleDefinition library = ModuleDefinition.ReadModule(NanoTools.Library("mscorlib.dll"));
        Dictionary<string, MethodDefinition> methods = library.GetTypes().SelectMany(type => type.Methods).ToDictionary(LibraryCosts.NameOf);

        Assert.Empty(LibraryCosts.All.Keys.Except(methods.Keys));
        Assert.Equal(LibraryCosts.All.ToDictionary(entry => entry.Key, entry => entry.Value.Instructions), LibraryCosts.All.Keys.ToDictionary(name => name, name => Executed(methods[name])));

        // Those in the table are native or run straight to their end.
        int Executed(MethodDefinition method) => !method.HasBody ? 0 : method.Body.Instructions.Sum(instruction =>
        {
            Assert.False(instruction.OpCode.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch, $"{method.FullName} branches");
            return 1 + (instruction.OpCode.Code is Code.Call ? Executed(((MethodReference)instruction.Operand).Resolve()) : 0);
        });
    }

    /// <summary>What the counting interpreter says at each line <c>mark</c>.</summary>
    private static long[] Marks(string output) => [.. MarkLine().Matches(output).Select(match => long.Parse(match.Groups[1].Value))];

    /// <summary>Seconds of each layer of each model, the least of all rounds.</summary>
    private static double[][] Times(string output)
    {
        var models = new List<SortedDictionary<int, double>>();
        foreach (string[] words in output.Split('\n', StringSplitOptions.TrimEntries).Select(line => line.Split(' ')))
        {
            if (words is ["model", _])
                models.Add([]);
            else if (words is ["ticks", var layer, var ticks])
                models[^1][int.Parse(layer)] = Math.Min(models[^1].GetValueOrDefault(int.Parse(layer), double.MaxValue), TimeSpan.FromTicks(long.Parse(ticks)).TotalSeconds);
        }
        return [.. models.Select(model => model.Values.ToArray())];
    }

    private static string Run(string interpreter, DeviceCompiler compiler)
    {
        var start = new ProcessStartInfo(interpreter, compiler.PortableExecutables) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NANOCLR_CPUTIME"] = "1";
        ProcessResult result = ProcessResult.Run(start, Limit);
        Assert.Equal(0, result.ExitCode);
        return result.Output;
    }

    [GeneratedRegex(@"^\[il (\d+)\] mark\s*$", RegexOptions.Multiline)]
    private static partial Regex MarkLine();

    /// <summary>Models compiled for the interpreter, and what the meter counts for the very same assembly.</summary>
    private sealed class LayerRun : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public LayerRun(string[] models)
        {
            byte[][] files = [.. models.Select(model => CompiledModels.Get(model).Bytes)];
            Compiler = new DeviceCompiler(_folder.Path);
            Compiler.CompileRuntime();
            SyntaxTree payload = PayloadSource.Compile(Compiler, [.. files.Select(file => new Payload(file, []))]);
            Compiler.Compile("Runner", [DeviceCompiler.DeviceSource("LayerRunner.cs"), payload], OutputKind.ConsoleApplication);
            using MeteredProgram program = MeteredProgram.Load(Compiler.RuntimeImages());
            Metered = [.. files.Select(file => ModelMeter.Open(program, file).Measure())];
        }

        public DeviceCompiler Compiler { get; }

        public InferenceCount[] Metered { get; }

        public void Dispose() => _folder.Dispose();
    }
}
