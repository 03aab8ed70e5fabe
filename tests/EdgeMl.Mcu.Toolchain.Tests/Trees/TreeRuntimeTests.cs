using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan.Trees;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Trees;

/// <summary>Tree ensembles on the device runtime, bit for bit as the float executor computes them.</summary>
public sealed class TreeRuntimeTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    [Fact]
    public void Labels_and_scores_have_the_bits_of_the_float_executor_for_every_input() => Prop.ForAll(Seeds, seed =>
    {
        TreeEnsemble ensemble = RandomTrees.Create(seed);
        ModelGraph graph = RandomTrees.Graph(ensemble);
        var device = new DeviceModelRunner(Model.Load(EmlmCompiler.Compile(graph).Bytes), "trees");
        var reference = new FloatModelRunner(graph);
        return RandomTrees.Rows(ensemble, 40, seed).All(row => SameBits(reference.Run([row]), device.Run([row])));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Fact]
    public void Both_forms_of_inputs_occur_among_random_ensembles()
    {
        int codes = Enumerable.Range(0, 100).Count(seed => TreeGrid.Of(RandomTrees.Create(seed)) is not null);
        Assert.InRange(codes, 20, 80);
    }

    [Fact]
    public void Codes_compare_as_their_values_for_every_float() => Prop.ForAll(Seeds, seed =>
    {
        var random = new Random(seed);
        float scale = 1f / (1 << random.Next(11));
        float[] thresholds = [.. Enumerable.Range(0, 3).Select(_ => random.Next(127) * scale)];
        TreeNode[] nodes = [.. thresholds.Select((threshold, i) => new TreeNode(0, threshold, i < 2 ? i + 1 : ~0, ~0, false))];
        var ensemble = new TreeEnsemble([0], nodes, [[new LeafWeight(0, 1)]], 1, 1, TreeAggregate.Sum, [], BinaryScores.None, [], []);
        TreeGrid grid = TreeGrid.Of(ensemble)!;
        float[] values = [.. RandomTrees.Rows(ensemble, 30, seed).Select(row => row[0])];
        var codes = new sbyte[values.Length];
        Runtime.Edges.FloatEdge.Ceiling(values, codes, 0, grid.Scale, grid.ZeroPoint);
        return values.Zip(codes).All(pair => Array.TrueForAll(thresholds, threshold => pair.First <= threshold == (pair.Second <= grid.Code(threshold))));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Thresholds_of_whole_features_need_one_byte_a_feature()
    {
        Model model = Load(Stump(new TreeNode(0, 7.5f, ~0, ~1, false)));
        Assert.Equal(TensorEdge.FloatCeiling, model.Input(0).Edge);
        Assert.Equal(0.5f, model.Input(0).Scale);
        Assert.Equal(1, model.Input(0).ByteCount);
    }

    [Theory]
    [InlineData(0.1f, false)]
    [InlineData(1e6f, false)]
    [InlineData(float.PositiveInfinity, false)]
    [InlineData(7.5f, true)]
    public void Any_other_threshold_and_NaN_below_keep_the_input_float32(float threshold, bool missingIsBelow)
    {
        Model model = Load(Stump(new TreeNode(0, threshold, ~0, ~1, missingIsBelow)));
        Assert.Equal(TensorType.Float32, model.Input(0).ElementType);
        Assert.Equal(TensorEdge.None, model.Input(0).Edge);
    }

    [Fact]
    public void More_trees_than_one_group_reaches_over_give_the_same_bits()
    {
        TreeEnsemble[] parts = [.. Enumerable.Range(0, 600).Select(RandomTrees.Create).Where(part => part is { Aggregate: TreeAggregate.Sum, Binary: BinaryScores.None })];
        var nodes = new List<TreeNode>();
        var leaves = new List<LeafWeight[]>();
        var roots = new List<int>();
        while (nodes.Count < 20_000)
        {
            foreach (TreeEnsemble part in parts)
            {
                (int firstNode, int firstLeaf) = (nodes.Count, leaves.Count);
                int Moved(int at) => at < 0 ? ~(~at + firstLeaf) : at + firstNode;
                nodes.AddRange(part.Nodes.Select(node => node with { Below = Moved(node.Below), Above = Moved(node.Above) }));
                leaves.AddRange(part.Leaves);
                roots.AddRange(part.Roots.Select(Moved));
            }
        }
        var all = new TreeEnsemble([.. roots], [.. nodes], [.. leaves], 9, 5, TreeAggregate.Sum, [], BinaryScores.None, [0, 1, 2, 3, 4], ["0", "1", "2", "3", "4"]);
        ModelGraph graph = RandomTrees.Graph(all);
        var device = new DeviceModelRunner(Model.Load(EmlmCompiler.Compile(graph).Bytes), "trees");
        var reference = new FloatModelRunner(graph);
        Assert.All(RandomTrees.Rows(all, 20, 1), row => Assert.True(SameBits(reference.Run([row]), device.Run([row]))));
    }

    [Fact]
    public void A_layer_with_wrong_parameters_or_trees_is_refused_or_runs() => Prop.ForAll(Seeds, seed =>
    {
        byte[] file = EmlmCompiler.Compile(RandomTrees.Graph(RandomTrees.Create(seed))).Bytes;
        var random = new Random(seed);
        for (int i = 0; i < 100; i++)
        {
            byte[] mutant = (byte[])file.Clone();
            int first = BitConverter.ToInt32(file, ModelFormat.Header.LayersOffset);
            for (int change = random.Next(1, 4); change > 0; change--)
                mutant[random.Next(first, mutant.Length - 4)] = (byte)random.Next(256);
            BitConverter.TryWriteBytes(mutant.AsSpan(mutant.Length - 4), Crc32.Compute(mutant, 0, mutant.Length - 4));
            if (Model.TryLoad(mutant, out Model model) == Error.None)
                new Interpreter(model).Invoke();
        }
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Running_an_ensemble_allocates_nothing()
    {
        foreach (int seed in Enumerable.Range(0, 10))
        {
            var interpreter = new Interpreter(Load(RandomTrees.Create(seed)));
            interpreter.Invoke();
            Assert.Equal(0, Enumerable.Range(0, 5).Select(_ =>
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                interpreter.Invoke();
                return GC.GetAllocatedBytesForCurrentThread() - before;
            }).Min());
        }
    }

    [Fact]
    public void The_interpreter_finds_the_greatest_of_negative_scores()
    {
        LeafWeight[] leaf = [new LeafWeight(0, -2), new LeafWeight(1, -0.5f), new LeafWeight(2, -0.75f)];
        var interpreter = new Interpreter(Load(new TreeEnsemble([~0], [], [leaf], 1, 3, TreeAggregate.Sum, [], BinaryScores.None, [], [])));
        interpreter.Invoke();
        Assert.Equal(1, interpreter.ArgMax(0));
        var scores = new float[3];
        interpreter.GetOutput(0, scores);
        Assert.Equal([-2, -0.5f, -0.75f], scores);
    }

    private static Model Load(TreeEnsemble ensemble) => Model.Load(EmlmCompiler.Compile(RandomTrees.Graph(ensemble)).Bytes);

    private static TreeEnsemble Stump(TreeNode node) =>
        new([0], [node], [[new LeafWeight(0, 1)], [new LeafWeight(0, 2)]], 1, 1, TreeAggregate.Sum, [], BinaryScores.None, [], []);

    // Integers as they are; reals by their bits, but both zeros are one: the device writes no negative zero for a sum.
    private static bool SameBits(IReadOnlyList<Array> expected, IReadOnlyList<Array> actual) => expected.Zip(actual).All(pair => pair.First is float[] reals
        ? reals.AsSpan().SequenceEqual((float[])pair.Second)
        : ((long[])pair.First).AsSpan().SequenceEqual((long[])pair.Second));
}
