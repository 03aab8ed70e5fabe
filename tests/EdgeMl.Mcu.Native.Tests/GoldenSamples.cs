using System.Runtime.InteropServices;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Import;

namespace EdgeMl.Mcu.Native.Tests;

/// <summary>The whole int8 models of the shared data with the reference kernels' outputs. Values of float inputs and outputs are converted by the managed runtime.</summary>
internal sealed class GoldenSamples
{
    private readonly string _name;
    private readonly Model _model;
    private readonly byte[] _file;

    private GoldenSamples(string name, byte[] file)
    {
        _name = name;
        _file = file;
        _model = Model.Load(file);
    }

    /// <summary>A model without kernels that take scratch: those of the layers as they are.</summary>
    public static GoldenSamples Plain(string name) => Compile(name, 0);

    /// <summary>A model as <c>edgeml convert</c> gives it, with the packed kernels that are fast on the managed runtime.</summary>
    public static GoldenSamples Packed(string name) => Compile(name, new EmitOptions().ScratchBytes);

    /// <summary>The first samples of one of the model's sets, <c>random</c> or <c>real</c>, or null where it has none.</summary>
    public NativeCase? Case(string set, int samplesMax)
    {
        string path = SharedData.File("golden", _name, $"input_{set}.bin");
        if (!File.Exists(path))
            return null;
        TensorInfo input = _model.Input(0);
        byte[] values = File.ReadAllBytes(path);
        int sampleBytes = input.Edge == TensorEdge.None ? input.ByteCount : 4 * input.Count;
        Assert.Equal(0, values.Length % sampleBytes);
        IEnumerable<byte[]> samples = values.Chunk(sampleBytes).Take(samplesMax);
        return new NativeCase($"{_name} {set}", _file, [.. samples.SelectMany(sample => input.Edge == TensorEdge.None ? sample : Quantized(sample))]);
    }

    /// <summary>Whether outputs are those of the reference kernels, bit for bit.</summary>
    public void Check(string set, byte[] outputs)
    {
        TensorInfo output = _model.Output(0);
        byte[] expected = File.ReadAllBytes(SharedData.File("golden", _name, $"output_{set}.bin"));
        byte[] actual = output.Edge == TensorEdge.None ? outputs : [.. outputs.Chunk(output.ByteCount).SelectMany(Reals)];
        Assert.NotEmpty(actual);
        Assert.True(expected.AsSpan(0, actual.Length).SequenceEqual(actual), $"{_name} {set} differs");
    }

    private static GoldenSamples Compile(string name, int scratchBytes) =>
        new(name, EmlmCompiler.Compile(ModelLoader.Load(CompiledModels.GoldenPath(name)), new EmitOptions { ScratchBytes = scratchBytes }).Bytes);

    private byte[] Quantized(byte[] sample)
    {
        var interpreter = new Interpreter(_model);
        interpreter.SetInput(0, MemoryMarshal.Cast<byte, float>(sample).ToArray());
        return MemoryMarshal.AsBytes(interpreter.Arena.AsSpan(_model.Input(0).ArenaOffset, _model.Input(0).ByteCount)).ToArray();
    }

    private byte[] Reals(byte[] output)
    {
        var interpreter = new Interpreter(_model);
        output.CopyTo(MemoryMarshal.AsBytes(interpreter.Arena.AsSpan(_model.Output(0).ArenaOffset, output.Length)));
        var values = new float[_model.Output(0).Count];
        interpreter.GetOutput(0, values);
        return MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
    }
}
