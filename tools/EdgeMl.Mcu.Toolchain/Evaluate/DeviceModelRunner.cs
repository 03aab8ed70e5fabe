using System.Collections.Concurrent;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Runs a device model (.emlm) on the device runtime: the same arithmetic as on the board.</summary>
public sealed class DeviceModelRunner : ModelRunner
{
    private readonly ConcurrentBag<Interpreter> _idle = [];

    /// <summary>Prepares a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">Name for reports where the model has none.</param>
    public DeviceModelRunner(Model model, string name)
    {
        Model = model;
        Name = model.Name.Length > 0 ? model.Name : name;
        Inputs = [.. Enumerable.Range(0, model.InputCount).Select(i => Port(model.Input(i), $"input_{i}"))];
        Outputs = [.. Enumerable.Range(0, model.OutputCount).Select(i => Port(model.Output(i), $"output_{i}"))];
    }

    /// <summary>The device model.</summary>
    public Model Model { get; }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<GraphPort> Inputs { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<GraphPort> Outputs { get; }

    /// <inheritdoc/>
    public override bool IsInteger => !Enumerable.Range(0, Model.OutputCount).Any(i => Model.Output(i).ElementType == TensorType.Float32);

    /// <summary>
    /// Whether recurrent layers remember the samples before, which then are steps of one stream, run one after another; otherwise each sample begins without a memory. Such a runner is for one thread.
    /// </summary>
    public bool CarriesState { get; init; }

    /// <inheritdoc/>
    protected override bool IsSequential => CarriesState;

    /// <inheritdoc/>
    public override IReadOnlyList<Array> Run(IReadOnlyList<Array> inputs)
    {
        if (!_idle.TryTake(out Interpreter? interpreter))
            interpreter = new Interpreter(Model);
        for (int i = 0; i < inputs.Count; i++)
            SetInput(interpreter, i, PortLayout.ToDevice(Inputs[i], inputs[i]));
        if (!CarriesState)
            interpreter.ResetState();
        interpreter.Invoke();
        var outputs = new Array[Outputs.Count];
        for (int i = 0; i < outputs.Length; i++)
            outputs[i] = PortLayout.ToSource(Outputs[i], Output(interpreter, i, Outputs[i].Tensor));
        _idle.Add(interpreter);
        return outputs;
    }

    /// <summary>Runs one sample, and gives inputs and outputs as they lie in the device's memory: its own types and layout, elements little-endian.</summary>
    /// <param name="inputs">As of <see cref="Run"/>.</param>
    public (byte[][] Inputs, byte[][] Outputs) RunRaw(IReadOnlyList<Array> inputs)
    {
        var interpreter = new Interpreter(Model);
        var rawInputs = new byte[inputs.Count][];
        for (int i = 0; i < rawInputs.Length; i++)
        {
            SetInput(interpreter, i, PortLayout.ToDevice(Inputs[i], inputs[i]));
            TensorInfo input = Model.Input(i);
            rawInputs[i] = Array.ConvertAll(interpreter.Arena[input.ArenaOffset..(input.ArenaOffset + input.ByteCount)], value => (byte)value);
        }
        interpreter.Invoke();
        var rawOutputs = new byte[Outputs.Count][];
        for (int i = 0; i < rawOutputs.Length; i++)
        {
            rawOutputs[i] = new byte[Model.Output(i).ByteCount];
            interpreter.GetOutput(i, rawOutputs[i]);
        }
        return (rawInputs, rawOutputs);
    }

    /// <summary>Sets an input of a model to elements of the port's tensor, in the device's layout.</summary>
    internal static void SetInput(Interpreter interpreter, int index, Array values)
    {
        if (values is float[] reals)
        {
            interpreter.SetInput(index, reals);
            return;
        }
        byte[] bytes = new byte[Buffer.ByteLength(values)];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        interpreter.SetInput(index, bytes);
    }

    /// <summary>Elements of an output in the device's layout.</summary>
    /// <param name="interpreter">The model after it ran.</param>
    /// <param name="index">Index of the output.</param>
    /// <param name="tensor">The port's tensor.</param>
    internal static Array Output(Interpreter interpreter, int index, Tensor tensor)
    {
        Array values = SampleSet.NewArray(tensor.Type, tensor.Shape.ElementCount);
        if (values is float[] reals)
        {
            interpreter.GetOutput(index, reals);
        }
        else
        {
            byte[] bytes = new byte[tensor.ByteCount];
            interpreter.GetOutput(index, bytes);
            Buffer.BlockCopy(bytes, 0, values, 0, bytes.Length);
        }
        return values;
    }

    private static GraphPort Port(TensorInfo info, string name)
    {
        var shape = new Shape([.. Enumerable.Range(0, info.Rank).Select(info.Dimension)]);
        var source = new Shape([.. Enumerable.Range(0, info.SourceRank).Select(info.SourceDimension)]);
        int[] permutation = [.. Enumerable.Range(0, info.SourceRank).Select(info.SourceAxis)];
        bool isReal = info.Edge != TensorEdge.None || info.ElementType == TensorType.Float32;
        var tensor = new Tensor(
            info.Name.Length > 0 ? info.Name : name,
            isReal ? ElementType.Float32 : info.ElementType.InGraph(),
            shape,
            isReal || info.ElementType is TensorType.Bool or TensorType.Int64 ? null : new Quantization(info.Scale, info.ZeroPoint));
        return new GraphPort(tensor, source, permutation);
    }
}
