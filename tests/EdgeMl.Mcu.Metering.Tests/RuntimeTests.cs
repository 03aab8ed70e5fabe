using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;

namespace EdgeMl.Mcu.Metering.Tests;

/// <summary>Models on the metered nano-subset build of the runtime.</summary>
public sealed class RuntimeTests
{
    private const uint Seed = 7;

    public static TheoryData<string> Models => [.. CompiledModels.Digits.Concat(CompiledModels.Golden)];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_metered_model_gives_the_bits_of_the_host_runtime_and_counts_every_layer(string name)
    {
        CompiledModel compiled = CompiledModels.Get(name);
        using MeteredProgram program = MeteredProgram.Load(SubsetBuilds.RuntimeImages());
        ModelMeter meter = ModelMeter.Open(program, compiled.Bytes, Seed);

        InferenceCount count = meter.Measure();

        Assert.Equal(compiled.Program.Layers.Count, count.Layers.Count);
        Assert.All(count.Layers, layer => Assert.InRange(layer.Instructions, 1, count.Total.Instructions));
        Assert.Equal(0, count.Total.UnknownLibraryCalls);
        // What Invoke itself executes: its loop, and the last Step that finds no layer.
        Assert.InRange(count.Total.Instructions - count.Layers.Sum(layer => layer.Instructions), 1, 100 + (10 * count.Layers.Count));
        Interpreter host = RunOnHost(compiled.Bytes);
        for (int i = 0; i < host.Model.OutputCount; i++)
        {
            var expected = new byte[host.Model.Output(i).ByteCount];
            host.GetOutput(i, expected);
            Assert.Equal(expected, Output(meter.Runner, i, expected.Length));
        }
    }

    [Fact]
    public void The_same_inputs_count_the_same()
    {
        using MeteredProgram program = MeteredProgram.Load(SubsetBuilds.RuntimeImages());
        ModelMeter meter = ModelMeter.Open(program, CompiledModels.Get("digits_mlp").Bytes);

        Assert.Equal(meter.Measure().Total.ByClass, meter.Measure().Total.ByClass);
    }

    [Fact]
    public void A_damaged_model_is_refused_with_the_error_of_the_runtime()
    {
        using MeteredProgram program = MeteredProgram.Load(SubsetBuilds.RuntimeImages());
        byte[] file = [.. CompiledModels.Get("digits_mlp").Bytes];
        file[^1] ^= 1;

        Assert.Contains("Checksum", Assert.Throws<MeteringException>(() => ModelMeter.Open(program, file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_class_with_an_Invoke_can_be_metered()
    {
        using MeteredProgram program = MeteredProgram.Load(Device.Compile("public sealed class M { int _x; public void Invoke() { _x = 1; } } public sealed class Other { }"));

        InferenceCount count = new ModelMeter(program, Activator.CreateInstance(program.FindType("M"))!).Measure();

        Assert.Equal(4, count.Total.Instructions);
        Assert.Empty(count.Layers);
        Assert.Contains("Invoke", Assert.Throws<MeteringException>(() => new ModelMeter(program, Activator.CreateInstance(program.FindType("Other"))!)).Message, StringComparison.Ordinal);
    }

    private static Interpreter RunOnHost(byte[] file)
    {
        var host = new Interpreter(Model.Load(file));
        uint seed = Seed;
        for (int i = 0; i < host.Model.InputCount; i++)
        {
            var values = new sbyte[host.Model.Input(i).ByteCount];
            seed = SelfTestVector.Fill(values, 0, values.Length, seed);
            host.SetInput(i, Array.ConvertAll(values, value => (byte)value));
        }
        host.Invoke();
        return host;
    }

    private static byte[] Output(object interpreter, int index, int length)
    {
        var values = new byte[length];
        interpreter.GetType().GetMethod("GetOutput", [typeof(int), typeof(byte[])])!.Invoke(interpreter, [index, values]);
        return values;
    }
}
