using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Import;
using EdgeMl.Mcu.Toolchain.Inspect;

namespace EdgeMl.Mcu.Toolchain.Tests.Inspect;

public class ArenaMapTests
{
    public static TheoryData<string> Models() => [.. CompiledModels.Digits, .. CompiledModels.Golden];

    [Theory]
    [MemberData(nameof(Models))]
    public void The_map_of_a_file_is_the_plan_that_it_was_made_by(string name) => CheckPlan(CompiledModels.Get(name));

    [Theory]
    [MemberData(nameof(Models))]
    public void Layers_of_real_models_write_what_the_map_says_and_read_nothing_else(string name) => CheckAccess(CompiledModels.Get(name).Bytes, name);

    [Fact]
    public void Layers_of_every_operator_write_what_the_map_says_and_read_nothing_else()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        int checkedCases = 0;
        foreach (GoldenCase item in GoldenCase.All)
        {
            if (!TryCompile(item.ModelPath, out CompiledModel? compiled))
                continue;
            CheckPieces(compiled!, item.Name);
            CheckAccess(compiled!.Bytes, item.Name);
            checkedCases++;
        }
        Assert.InRange(checkedCases, 560, GoldenCase.All.Count);
    }

    [Fact]
    public void Decision_trees_write_what_the_map_says_and_read_nothing_else()
    {
        foreach (int seed in Enumerable.Range(0, 30))
            CheckAccess(EmlmCompiler.Compile(RandomTrees.Graph(RandomTrees.Create(seed))).Bytes, $"trees {seed}");
    }

    private static void CheckPlan(CompiledModel compiled)
    {
        IReadOnlyList<ArenaPiece> pieces = ArenaMap.Of(Model.Load(compiled.Bytes), compiled.Bytes);
        string[] expected = [.. compiled.Program.Buffers.Select(buffer => $"{buffer.Offset} +{buffer.Bytes}, {buffer.FirstStep} to {buffer.LastStep}").Order(StringComparer.Ordinal)];
        string[] actual = [.. pieces.Select(piece => $"{piece.Offset} +{piece.Bytes}, {piece.FirstStep} to {piece.LastStep}").Order(StringComparer.Ordinal)];
        Assert.Equal(expected, actual);
        Assert.All(pieces, piece => Assert.NotEmpty(piece.Name));
    }

    /// <summary>Parts of a tensor that are written one after another, or never read, are pieces of their own: each within its tensor's place and time.</summary>
    private static void CheckPieces(CompiledModel compiled, string name)
    {
        IReadOnlyList<ArenaPiece> pieces = ArenaMap.Of(Model.Load(compiled.Bytes), compiled.Bytes);
        Assert.All(pieces, piece => Assert.True(
            compiled.Program.Buffers.Any(buffer => buffer.Offset <= piece.Offset && piece.Offset + piece.Bytes <= buffer.Offset + buffer.Bytes
                && buffer.FirstStep <= piece.FirstStep && piece.LastStep <= buffer.LastStep)
            || compiled.Program.Buffers.Where(buffer => buffer.IsState).Sum(buffer => buffer.Bytes) == piece.Bytes, $"{name}: {piece}"));
    }

    /// <summary>Runs each layer on two arenas that differ only in bytes that it is said not to read.</summary>
    private static void CheckAccess(byte[] file, string name)
    {
        Model model = Model.Load(file);
        var first = new Interpreter(model);
        var second = new Interpreter(model);
        var random = new Random(1);
        foreach (DeviceLayer layer in DeviceLayers.Read(file))
        {
            var read = new HashSet<int>(ArenaAccess.Reads(layer.Op, layer.Parameter).Concat(ArenaAccess.States(layer.Op, layer.Parameter)));
            var written = new HashSet<int>(ArenaAccess.Writes(layer.Op, layer.Parameter));
            random.NextBytes((byte[])(object)first.Arena);
            random.NextBytes((byte[])(object)second.Arena);
            foreach (int offset in read)
                second.Arena[offset] = first.Arena[offset];
            sbyte[] before = [.. second.Arena];
            first.Step();
            second.Step();
            for (int i = 0; i < model.ArenaBytes; i++)
            {
                bool right = written.Contains(i) ? first.Arena[i] == second.Arena[i] : read.Contains(i) || second.Arena[i] == before[i];
                Assert.True(right, $"{name}: byte {i} of the arena after {layer.Op}.");
            }
        }
    }

    private static bool TryCompile(string path, out CompiledModel? compiled)
    {
        try
        {
            compiled = EmlmCompiler.Compile(ModelLoader.Load(path));
            return true;
        }
        catch (ToolchainException)
        {
            compiled = null;
            return false;
        }
    }
}
