using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx;
using EdgeMl.Mcu.Toolchain.Passes;
using EdgeMl.Mcu.Toolchain.Tests.Onnx;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Passes;

public class PassPipelineTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(300);

    public static TheoryData<string> PassNames => [.. PassPipeline.All.Select(pass => pass.Name)];

    [Fact]
    public void A_convolutional_network_has_no_transposes_and_the_same_outputs_in_NHWC() => Prop.ForAll(Seeds, seed =>
    {
        byte[] bytes = RandomModel.Create(seed).ToBytes();
        ModelGraph graph = OnnxImporter.Import(bytes, "random");
        ModelRun.CheckStructure(graph);
        return !graph.Nodes.Exists(node => node.Operator is Transpose) && Difference(bytes, graph, seed) <= 1;
    }).Check(Runs);

    [Fact]
    public void All_passes_together_keep_the_outputs_and_leave_no_batch_normalization() => Prop.ForAll(Seeds, seed =>
    {
        byte[] bytes = RandomModel.Create(seed).ToBytes();
        ModelGraph graph = OnnxImporter.Import(bytes, "random");
        PassPipeline.Run(graph);
        ModelRun.CheckStructure(graph);
        return !graph.Nodes.Exists(node => node.Operator is Transpose or BatchNormalization) && Difference(bytes, graph, seed) <= 4;
    }).Check(Runs);

    [Theory]
    [MemberData(nameof(PassNames))]
    public void Each_pass_alone_keeps_the_outputs(string name)
    {
        GraphPass pass = PassPipeline.All.First(candidate => candidate.Name == name);
        Prop.ForAll(Seeds, seed =>
        {
            byte[] bytes = RandomModel.Create(seed).ToBytes();
            foreach (bool isNhwc in new[] { false, true })
            {
                ModelGraph graph = isNhwc ? OnnxImporter.Import(bytes, "random") : OnnxImporter.ImportUnchanged(bytes, "random");
                PassPipeline.Run(graph, [pass]);
                ModelRun.CheckStructure(graph);
                if (Difference(bytes, graph, seed) > 4)
                    return false;
            }
            return true;
        }).Check(Runs.WithMaxTest(60));
    }

    [Fact]
    public void The_names_of_passes_are_unique() => Assert.Equal(PassPipeline.All.Count, PassPipeline.All.Select(pass => pass.Name).Distinct().Count());

    // Folded scales change the order of roundings, so that a few units of the tolerance are fair.
    private static double Difference(byte[] bytes, ModelGraph graph, int seed)
    {
        ModelGraph original = OnnxImporter.ImportUnchanged(bytes, "original");
        float[][] inputs = ModelRun.RandomInputs(original, seed);
        return ModelRun.Difference(ModelRun.Run(original, inputs), ModelRun.Run(graph, inputs));
    }
}
