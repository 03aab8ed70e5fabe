using System.Buffers.Binary;
using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Emit.CSharp.Trees;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.OnClr.Tests.Trees;

/// <summary>Tree ensembles as compiled code.</summary>
public sealed class TreeCodeTests(ITestOutputHelper log)
{
    private const int Ensembles = 120;
    private const int Rows = 60;

    [Fact]
    public void Compiled_code_gives_the_bits_of_the_kernel_for_every_input()
    {
        var code = new TreeCode();
        foreach (int seed in Enumerable.Range(1000, Ensembles))
            code.Add(RandomTrees.Create(seed));
        Assert.InRange(code.Ensembles.Count, Ensembles / 2, Ensembles);
        Assert.NotEmpty(code.ForDevice());
        IReadOnlyList<(sbyte[] Arena, Action Invoke)> compiled = code.OnHost();
        for (int i = 0; i < compiled.Count; i++)
            Compare(code.Ensembles[i], code.InputBytes(i), compiled[i].Arena, compiled[i].Invoke, Rows, i);
    }

    [Fact]
    public void Trees_beyond_one_method_give_the_bits_of_the_kernel()
    {
        var random = new Random(3);
        TreeNode[] nodes = [.. Enumerable.Range(0, 4000).Select(i => new TreeNode(i % 7, random.NextSingle(), i % 20 < 18 ? i + 1 : ~(i % 50), i % 20 < 17 ? i + 2 : ~(i % 40), i % 3 == 0))];
        LeafWeight[][] leaves = [.. Enumerable.Range(0, 50).Select(i => new[] { new LeafWeight(i % 4, random.NextSingle()), new LeafWeight(i % 3, -random.NextSingle()) })];
        var ensemble = new TreeEnsemble([.. Enumerable.Range(0, 200).Select(i => i * 20)], nodes, leaves, 7, 4, TreeAggregate.Average, [1, 2, 3, 4], BinaryScores.None, [], []);
        var code = new TreeCode();
        TreeKernelSource source = code.Add(ensemble)!;
        Assert.True(source.Methods.Count > 1);
        Assert.All(source.Methods, method => Assert.InRange(method.Bytes, 1, 30_000));
        (sbyte[] arena, Action invoke) = code.OnHost()[0];
        Compare(ensemble, code.InputBytes(0), arena, invoke, 200, 5);
    }

    [Fact]
    public void The_predicted_count_is_near_the_count_of_random_inputs()
    {
        double predicted = 0, counted = 0;
        var code = new TreeCode();
        foreach (int seed in Enumerable.Range(2000, 40))
            predicted += code.Add(RandomTrees.Create(seed))?.Instructions ?? 0;
        using MeteredProgram program = MeteredProgram.Load(File.ReadAllBytes(SubsetBuilds.Runtime), code.ForDevice());
        for (int i = 0; i < code.Ensembles.Count; i++)
        {
            object runner = Activator.CreateInstance(program.FindType($"Generated.Trees{i}Runner"))!;
            counted += new ModelMeter(program, runner).Measure().Total.Instructions;
        }
        log.WriteLine($"predicted {predicted:F0}, counted {counted:F0}");
        Assert.InRange(counted / predicted, 0.5, 2);
    }

    private static void Compare(TreeEnsemble ensemble, int inputBytes, sbyte[] arena, Action invoke, int rows, int seed)
    {
        var interpreter = new Interpreter(Model.Load(EmlmCompiler.Compile(RandomTrees.Graph(ensemble)).Bytes));
        Model model = interpreter.Model;
        foreach (float[] row in RandomTrees.Rows(ensemble, rows, seed))
        {
            interpreter.SetInput(0, row);
            Array.Copy(interpreter.Arena, model.Input(0).ArenaOffset, arena, 0, inputBytes);
            interpreter.Invoke();
            invoke();
            int scores = model.OutputCount - 1;
            Assert.Equal(Bytes(interpreter.Arena, model.Output(scores).ArenaOffset, 4 * ensemble.Scores), Bytes(arena, inputBytes, 4 * ensemble.Scores));
            if (ensemble.IsClassifier)
                Assert.Equal(Label(interpreter.Arena, model.Output(0).ArenaOffset), Label(arena, inputBytes + (4 * ensemble.Scores)));
        }
    }

    private static byte[] Bytes(sbyte[] arena, int offset, int count) => Array.ConvertAll(arena[offset..(offset + count)], value => (byte)value);

    private static long Label(sbyte[] arena, int offset) => BinaryPrimitives.ReadInt64LittleEndian(Bytes(arena, offset, sizeof(long)));
}
