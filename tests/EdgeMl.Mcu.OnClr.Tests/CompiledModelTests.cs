using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit.CSharp;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>Generated C# on the real interpreter, in as many assemblies as its limits ask for.</summary>
public sealed class CompiledModelTests(ITestOutputHelper log)
{
    private const int Samples = 2;

    [Fact]
    public void Compiled_models_give_the_bits_of_the_host_runtime()
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        string[] golden = SharedData.IsAvailable ? ["kws_ref_int8", "magic_wand_int8", "mnist_dw_int8", "keyword_on_off_int8"] : [];
        (string Name, Payload Payload, byte[][] Expected)[] models = [.. CompiledModels.Digits.Concat(golden).Select(name => Prepare(name, CompiledModels.Get(name).Graph)),
            .. golden.Take(1).Select(name => Prepare(name + "_pruned", Sparsity.Prune(CompiledModels.Get(name).Graph, 0.8)))];

        IReadOnlyList<InterpreterRun> runs = InterpreterRun.Execute([.. models.Select(model => model.Payload)]);

        for (int i = 0; i < models.Length; i++)
        {
            Assert.Equal((int)Error.None, runs[i].LoadError);
            Assert.Equal((int)Error.None, runs[i].SelfTestError);
            Assert.Equal(models[i].Expected, runs[i].Outputs);
            log.WriteLine($"{models[i].Name}: {models[i].Payload.Code!.Value.Source.Assemblies.Count} assemblies, {runs[i].Times.Min().TotalMilliseconds:F2} ms per inference on this interpreter");
        }
    }

    private static (string, Payload, byte[][]) Prepare(string name, ModelGraph graph)
    {
        var options = new CSharpOptions("OnClr", CSharpNames.ClassOf(name), "edgeml compile");
        CompiledSource source = CSharpCompiler.Compile(graph, options);
        Model host = Model.Load(Toolchain.Emit.EmlmCompiler.Compile(graph).Bytes);
        var interpreter = new Interpreter(host);
        var inputs = new List<byte>();
        var expected = new List<byte[]>();
        for (int sample = 0; sample < Samples; sample++)
        {
            SelfTestVector.Fill(interpreter.Arena, host.Input(0).ArenaOffset, host.Input(0).ByteCount, (uint)(sample + 1));
            inputs.AddRange(interpreter.Arena.Skip(host.Input(0).ArenaOffset).Take(host.Input(0).ByteCount).Select(value => (byte)value));
            interpreter.Invoke();
            var output = new byte[host.Output(0).ByteCount];
            interpreter.GetOutput(0, output);
            expected.Add(output);
        }
        return (name, new Payload([], [.. inputs], Code: (source, options)), [.. expected]);
    }
}
