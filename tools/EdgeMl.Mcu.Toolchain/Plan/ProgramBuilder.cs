using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Plan;

/// <summary>Collects the layers of a program and tracks which buffer holds which tensor.</summary>
internal sealed class ProgramBuilder
{
    private const int InputParameter = 0;
    private const int OutputParameter = 1;

    private readonly Dictionary<Tensor, ArenaBuffer> _buffers = [];
    private readonly List<DeviceLayer> _layers = [];
    private readonly List<(ArenaBuffer Output, ArenaBuffer Input, int Step)> _inPlace = [];

    /// <summary>Most bytes of weights that one layer should have.</summary>
    public int PageBytes { get; init; } = int.MaxValue;

    /// <summary>Per-tensor int8 quantisation of an activation or constant.</summary>
    /// <exception cref="LoweringException">It is of another type, or quantised per channel.</exception>
    public static Quantization Int8(Tensor tensor)
    {
        if (tensor.Type != ElementType.Int8)
            throw new LoweringException($"'{tensor.Name}' is {tensor.Type.JsonName()} instead of int8");
        if (tensor.Quantization is not { IsPerChannel: false } quantization || !(quantization.Scale > 0) || quantization.ZeroPoint is < -128 or > 127)
            throw new LoweringException($"'{tensor.Name}' has no per-tensor int8 quantisation");
        return quantization;
    }

    /// <summary>Per-tensor quantisation of an activation or constant of any type that the arena holds; scale 1 and zero point 0 where it is not quantised.</summary>
    /// <exception cref="LoweringException">The arena holds no such elements, or it is quantised per channel or with an impossible zero point.</exception>
    public static Quantization Activation(Tensor tensor)
    {
        int type = (int)tensor.OnDevice();
        if (tensor.Quantization is null)
            return new Quantization(1, 0);
        Quantization quantization = tensor.Quantization;
        if (quantization.IsPerChannel || !(quantization.Scale > 0) || quantization.ZeroPoint < Element.Min(type) || quantization.ZeroPoint > Element.Max(type))
            throw new LoweringException($"'{tensor.Name}' has no per-tensor {tensor.Type.JsonName()} quantisation");
        return quantization;
    }

    /// <summary>The buffer of an input of the model.</summary>
    public ArenaBuffer Input(Tensor tensor)
    {
        ArenaBuffer buffer = Write(tensor);
        buffer.FirstStep = -1;
        return buffer;
    }

    /// <summary>The buffer of a float32 input of the model that the device holds as codes of one byte.</summary>
    public ArenaBuffer InputCodes(Tensor tensor) =>
        _buffers[tensor] = new ArenaBuffer(tensor.Name, tensor.Shape.ElementCount) { FirstStep = -1 };

    /// <summary>The buffer of a tensor that is to be read; a constant is loaded into the arena first.</summary>
    public ArenaBuffer Read(Tensor tensor)
    {
        if (_buffers.TryGetValue(tensor, out ArenaBuffer? buffer))
            return buffer;
        if (tensor.Data is null)
            throw new LoweringException($"'{tensor.Name}' is computed by a part that cannot run");
        Activation(tensor);
        byte[] data = new byte[tensor.ByteCount];
        Buffer.BlockCopy(tensor.Data, 0, data, 0, data.Length);
        buffer = new ArenaBuffer(tensor.Name, data.Length);
        var parameters = new int[LoadConstant.Count];
        parameters[LoadConstant.Length] = data.Length;
        Add(new DeviceLayer
        {
            Name = tensor.Name,
            Operator = "Constant",
            Kernel = OpCode.LoadConstant,
            Parameters = parameters,
            Reads = [],
            Writes = [new ArenaReference(LoadConstant.Output, buffer, 0)],
            Weights = data,
            OutputShape = tensor.Shape,
        });
        return buffer;
    }

    /// <summary>A new buffer for a tensor that is to be computed.</summary>
    public ArenaBuffer Write(Tensor tensor)
    {
        Activation(tensor);
        var buffer = new ArenaBuffer(tensor.Name, tensor.ByteCount);
        _buffers[tensor] = buffer;
        return buffer;
    }

    /// <summary>A buffer of its own for what a layer remembers.</summary>
    public static ArenaBuffer State(string name, int bytes) => new(name, bytes) { IsState = true };

    /// <summary>Makes a tensor another name of one that exists.</summary>
    public void Alias(Tensor tensor, Tensor existing) => _buffers[tensor] = Read(existing);

    /// <summary>Adds a layer. Each of <paramref name="inPlace"/> may give its place to the first output, if the layer is its last reader.</summary>
    public void Add(DeviceLayer layer, params ArenaBuffer[] inPlace)
    {
        foreach (ArenaBuffer input in inPlace)
            _inPlace.Add((layer.Writes[0].Buffer, input, _layers.Count));
        _layers.Add(layer);
    }

    /// <summary>Adds the layer of a node with one input and one output, whose offsets are the kernel's parameters 0 and 1.</summary>
    /// <param name="node">The node.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="parameters">Its other parameters.</param>
    /// <param name="weights">Weights and tables, none by default.</param>
    /// <param name="inPlace">Whether the kernel can write over its input.</param>
    /// <param name="input">The input, where it is not the node's first.</param>
    /// <param name="macs">Multiply-accumulates of one inference.</param>
    /// <param name="weightCount">Weights that take part in them.</param>
    public void Add(Node node, OpCode kernel, int[] parameters, byte[]? weights = null, bool inPlace = false, Tensor? input = null, long macs = 0, int weightCount = 0)
    {
        ArenaBuffer read = Read(input ?? node.Input);
        Add(new DeviceLayer
        {
            Name = node.Name,
            Operator = node.Operator.Name,
            Kernel = kernel,
            Parameters = parameters,
            Reads = [new ArenaReference(InputParameter, read, 0)],
            Writes = [new ArenaReference(OutputParameter, Write(node.Output), 0)],
            Weights = weights ?? [],
            OutputShape = node.Output.Shape,
            Macs = macs,
            WeightCount = weightCount,
        }, inPlace ? [read] : []);
    }

    /// <summary>Computes lifetimes, joins buffers that take each other's place, and returns the program.</summary>
    public DeviceProgram Build(string name, IReadOnlyList<DevicePort> inputs, IReadOnlyList<DevicePort> outputs)
    {
        SetLifetimes(inputs, outputs);
        Dictionary<ArenaBuffer, ArenaBuffer> joined = JoinInPlace();
        ArenaBuffer Final(ArenaBuffer buffer)
        {
            while (joined.TryGetValue(buffer, out ArenaBuffer? next))
                buffer = next;
            return buffer;
        }
        ArenaReference[] Resolve(ArenaReference[] references) => Array.ConvertAll(references, reference => reference with { Buffer = Final(reference.Buffer) });
        DeviceLayer[] layers = [.. _layers.Select(layer => layer with { Reads = Resolve(layer.Reads), Writes = Resolve(layer.Writes) })];
        DevicePort[] finalInputs = [.. inputs.Select(port => port with { Buffer = Final(port.Buffer) })];
        DevicePort[] finalOutputs = [.. outputs.Select(port => port with { Buffer = Final(port.Buffer) })];
        ArenaBuffer[] buffers = [.. layers.SelectMany(layer => layer.Reads.Concat(layer.Writes)).Select(reference => reference.Buffer)
            .Concat(finalInputs.Select(port => port.Buffer)).Concat(finalOutputs.Select(port => port.Buffer)).Distinct()];
        return new DeviceProgram(name, finalInputs, finalOutputs, layers, buffers);
    }

    private void SetLifetimes(IReadOnlyList<DevicePort> inputs, IReadOnlyList<DevicePort> outputs)
    {
        for (int step = 0; step < _layers.Count; step++)
        {
            foreach (ArenaReference reference in _layers[step].Reads)
                reference.Buffer.LastStep = Math.Max(reference.Buffer.LastStep, step);
            foreach (ArenaReference reference in _layers[step].Writes)
            {
                reference.Buffer.FirstStep = Math.Min(reference.Buffer.FirstStep, step);
                reference.Buffer.LastStep = Math.Max(reference.Buffer.LastStep, step);
            }
        }
        foreach (ArenaBuffer state in _layers.SelectMany(layer => layer.Writes).Select(reference => reference.Buffer).Where(buffer => buffer.IsState))
            (state.FirstStep, state.LastStep) = (-1, _layers.Count);
        foreach (DevicePort input in inputs)
            input.Buffer.FirstStep = -1;
        foreach (DevicePort output in outputs)
            output.Buffer.LastStep = _layers.Count;
    }

    private Dictionary<ArenaBuffer, ArenaBuffer> JoinInPlace()
    {
        var joined = new Dictionary<ArenaBuffer, ArenaBuffer>();
        foreach ((ArenaBuffer output, ArenaBuffer candidate, int step) in _inPlace)
        {
            ArenaBuffer input = candidate;
            while (joined.TryGetValue(input, out ArenaBuffer? next))
                input = next;
            if (joined.ContainsKey(output) || input == output || input.LastStep != step || input.Bytes != output.Bytes || output.FirstStep != step)
                continue;
            joined[output] = input;
            input.LastStep = output.LastStep;
        }
        return joined;
    }
}
