using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Emit.CSharp;
using EdgeMl.Mcu.Toolchain.Plan;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.CompiledCode.Tests;

public sealed class RandomLayerTests(ITestOutputHelper log)
{
    private const int LayersPerBuild = 60;

    public static TheoryData<string> Generators => ["all", "positions", "outputs", "depthwise"];

    [Theory]
    [MemberData(nameof(Generators))]
    public void Compiled_layers_give_the_bits_of_the_runtime(string generator) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => Compare(new Random(seed), generator)).Check(Config.QuickThrowOnFailure.WithMaxTest(1));

    private void Compare(Random random, string generator)
    {
        DeviceProgram[] programs = [.. Enumerable.Range(0, LayersPerBuild).Select(_ => generator switch
        {
            "outputs" => RandomLayer.FullyConnected(random),
            "depthwise" => RandomLayer.Depthwise(random),
            _ => RandomLayer.Create(random),
        })];
        LayerGenerator[] generators = generator switch
        {
            "positions" => [PositionLanes.Create],
            "outputs" => [OutputLanes.Create],
            "depthwise" => [DepthwiseLanes.Create],
            _ => [],
        };
        var models = programs.Select((program, i) =>
        {
            var options = new CSharpOptions("Random", $"Program{i}", "edgeml compile");
            return (Source: CSharpCompiler.Compile(program, options, generators), Options: options);
        }).ToArray();
        Model[] compiled = SourceBuild.LoadOnHost(models);
        for (int i = 0; i < programs.Length; i++)
            CompareOutputs(new Interpreter(compiled[i]), EmlmCompiler.Load(EmlmWriter.Write(programs[i], ArenaPlanner.Place(programs[i]))), random, programs[i]);
        foreach (var variant in models.SelectMany(model => model.Source.Layers).GroupBy(layer => $"{layer.Operator} {layer.Variant}"))
            log.WriteLine($"{variant.Key}: {variant.Count()} layers");
        Assert.True(models.Count(model => model.Source.Layers[0].Variant != "runtime") > LayersPerBuild / 4);
    }

    /// <summary>Runs both on the least, the greatest and random activations, and on ones that make the first channel's sum extreme.</summary>
    private static void CompareOutputs(Interpreter compiled, Interpreter runtime, Random random, DeviceProgram program)
    {
        byte[] weights = program.Layers[0].Weights;
        Func<int, int>[] inputs =
        [
            _ => -128, _ => 127, _ => random.Next(-128, 128), _ => random.Next(2) == 0 ? -128 : 127,
            i => (sbyte)weights[i % weights.Length] > 0 ? 127 : -128, i => (sbyte)weights[i % weights.Length] > 0 ? -128 : 127,
        ];
        var actual = new sbyte[runtime.Model.Output(0).Count];
        var expected = new sbyte[actual.Length];
        foreach (Func<int, int> input in inputs)
        {
            sbyte[] values = [.. Enumerable.Range(0, runtime.Model.Input(0).Count).Select(i => (sbyte)input(i))];
            foreach ((Interpreter interpreter, sbyte[] outputs) in new[] { (compiled, actual), (runtime, expected) })
            {
                interpreter.SetInput(0, values);
                interpreter.Invoke();
                interpreter.GetOutput(0, outputs);
            }
            Assert.True(expected.AsSpan().SequenceEqual(actual), $"{program.Layers[0].Kernel} {string.Join(' ', program.Layers[0].Parameters)}");
        }
    }
}
