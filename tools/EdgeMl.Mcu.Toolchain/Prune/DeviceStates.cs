using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>The arenas of many samples while a device model is run layer by layer. Recurrent layers begin each sample without a memory.</summary>
internal sealed class DeviceStates
{
    private readonly DeviceProgram _program;
    private readonly ArenaPlan _plan;
    private readonly sbyte[][] _arenas;

    private DeviceStates(DeviceProgram program, ArenaPlan plan, sbyte[][] arenas)
    {
        _program = program;
        _plan = plan;
        _arenas = arenas;
    }

    /// <summary>The state before the first layer.</summary>
    /// <param name="program">A program whose layers need no scratch.</param>
    /// <param name="plan">Its arena.</param>
    /// <param name="samples">For each sample the real values of each input in the device's layout.</param>
    public static DeviceStates Start(DeviceProgram program, ArenaPlan plan, IReadOnlyList<float[][]> samples)
    {
        Interpreter interpreter = Load(program, plan, program.Layers);
        IReadOnlyList<GraphPort> inputs = new DeviceModelRunner(interpreter.Model, program.Name).Inputs;
        var arenas = new sbyte[samples.Count][];
        for (int sample = 0; sample < arenas.Length; sample++)
        {
            for (int i = 0; i < inputs.Count; i++)
            {
                Tensor tensor = inputs[i].Tensor;
                DeviceModelRunner.SetInput(interpreter, i, SampleValues.FromReals(tensor, new NumericArray(tensor.Shape, samples[sample][i]), tensor.Name));
            }
            arenas[sample] = interpreter.Arena[..plan.Bytes];
        }
        return new DeviceStates(program, plan, arenas);
    }

    /// <summary>The same state, which then goes its own way.</summary>
    public DeviceStates Copy() => new(_program, _plan, Array.ConvertAll(_arenas, arena => (sbyte[])arena.Clone()));

    /// <summary>What a layer reads, for each sample, about its zero point.</summary>
    public float[][] Inputs(DeviceLinearLayer layer) => Array.ConvertAll(_arenas, layer.Inputs);

    /// <summary>Runs a layer for all samples.</summary>
    public void Advance(DeviceLayer layer, CancellationToken cancellation) =>
        Run([layer], (sample, interpreter) => Array.Copy(interpreter.Arena, _arenas[sample], _plan.Bytes), cancellation);

    /// <summary>Real values of the outputs of each sample after some layers; the state stays as it is.</summary>
    /// <param name="rest">The layers from here to the last.</param>
    /// <param name="cancellation">Stops between samples.</param>
    public IReadOnlyList<float[]>[] Outputs(IReadOnlyList<DeviceLayer> rest, CancellationToken cancellation)
    {
        var outputs = new IReadOnlyList<float[]>[_arenas.Length];
        Run(rest, (sample, interpreter) => outputs[sample] = [.. new DeviceModelRunner(interpreter.Model, _program.Name).Outputs
            .Select((port, i) => SampleValues.ToReals(port.Tensor, DeviceModelRunner.Output(interpreter, i, port.Tensor)))], cancellation);
        return outputs;
    }

    private void Run(IReadOnlyList<DeviceLayer> layers, Action<int, Interpreter> read, CancellationToken cancellation)
    {
        Model model = Load(_program, _plan, layers).Model;
        Parallels.Run(options => Parallel.For(0, _arenas.Length, options, () => new Interpreter(model), (sample, _, interpreter) =>
        {
            Array.Copy(_arenas[sample], interpreter.Arena, _plan.Bytes);
            interpreter.ResetState();
            interpreter.Invoke();
            read(sample, interpreter);
            return interpreter;
        }, _ => { }), cancellation);
    }

    private static Interpreter Load(DeviceProgram program, ArenaPlan plan, IReadOnlyList<DeviceLayer> layers) =>
        EmlmCompiler.Load(EmlmWriter.Write(program with { Layers = layers }, plan));
}
