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
        {
            Array values = PortLayout.ToDevice(Inputs[i], inputs[i]);
            if (values is float[] reals)
            {
                interpreter.SetInput(i, reals);
                continue;
            }
            byte[] bytes = new byte[Inputs[i].Tensor.ByteCount];
            Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
            interpreter.SetInput(i, bytes);
        }
        if (!CarriesState)
            interpreter.ResetState();
        interpreter.Invoke();
        var outputs = new Array[Outputs.Count];
        for (int i = 0; i < outputs.Length; i++)
            outputs[i] = Output(interpreter, i);
        _idle.Add(interpreter);
        return outputs;
    }

    private Array Output(Interpreter interpreter, int index)
    {
        GraphPort port = Outputs[index];
        Array values = SampleSet.NewArray(port.Tensor.Type, port.Tensor.Shape.ElementCount);
        if (values is float[] reals)
        {
            interpreter.GetOutput(index, reals);
        }
        else
        {
            byte[] bytes = new byte[port.Tensor.ByteCount];
            interpreter.GetOutput(index, bytes);
            Buffer.BlockCopy(bytes, 0, values, 0, bytes.Length);
        }
        return PortLayout.ToSource(port, values);
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
