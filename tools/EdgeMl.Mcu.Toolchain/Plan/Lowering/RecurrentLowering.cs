using System.Buffers.Binary;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan.Tables;
using ChannelTable = EdgeMl.Mcu.Runtime.Kernels.ChannelTable;
using LstmKernel = EdgeMl.Mcu.Runtime.Typed.Lstm;
using SvdfKernel = EdgeMl.Mcu.Runtime.Typed.Svdf;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Layers whose state stays in the arena.</summary>
internal static class RecurrentLowering
{
    /// <summary>Scale of the sums that a gate's function takes.</summary>
    private const float GateInputScale = 1f / 4096;

    /// <summary>Scale of what a gate's function gives.</summary>
    private const float GateOutputScale = 1f / 32768;

    /// <summary>Svdf. Both factors are computed in float32.</summary>
    public static void Svdf(Node node, Svdf op, ProgramBuilder builder)
    {
        sbyte[] features = ChannelTableBuilder.Weights(node, 1);
        Tensor time = node.Inputs[2]!;
        int filters = time.Shape[0];
        Quantization input = ProgramBuilder.Int8(node.Input);
        Quantization output = ProgramBuilder.Int8(node.Output);
        if (time.Data is not (sbyte[] or short[]) || time.Quantization is not { IsPerChannel: false, ZeroPoint: 0 } || WindowLowering.Symmetric(node).IsPerChannel)
            throw new LoweringException($"its time weights '{time.Name}' are {time.Type.JsonName()}, or its weights have several scales or a zero point");
        if (op.State.ZeroPoint is < -128 or > 127 || (time.Type == ElementType.Int16 && op.State.ZeroPoint != 0))
            throw new LoweringException($"its state has the zero point {op.State.ZeroPoint}");
        var parameters = new int[SvdfKernel.Count];
        parameters[SvdfKernel.Batches] = node.Input.Shape[0];
        parameters[SvdfKernel.InputDepth] = node.Input.Shape[1];
        parameters[SvdfKernel.Filters] = filters;
        parameters[SvdfKernel.Rank] = op.Rank;
        parameters[SvdfKernel.Memory] = time.Shape[1];
        parameters[SvdfKernel.StateSize] = time.Type.Size();
        parameters[SvdfKernel.InputZeroPoint] = input.ZeroPoint;
        parameters[SvdfKernel.StateZeroPoint] = op.State.ZeroPoint;
        parameters[SvdfKernel.OutputZeroPoint] = output.ZeroPoint;
        SetFactor(parameters, SvdfKernel.FeatureMultiplier, input.Scale * node.Inputs[1]!.Quantization!.Scale / op.State.Scale);
        SetFactor(parameters, SvdfKernel.TimeMultiplier, op.State.Scale * time.Quantization.Scale / output.Scale);
        byte[] weights = new byte[ChannelTable.Start(0, features.Length) + (4 * (filters / op.Rank)) + time.ByteCount];
        Buffer.BlockCopy(features, 0, weights, 0, features.Length);
        if (Bias(node, 3) is { } bias)
            Buffer.BlockCopy(bias, 0, weights, ChannelTable.Start(0, features.Length), 4 * bias.Length);
        Buffer.BlockCopy(time.Data, 0, weights, weights.Length - time.ByteCount, time.ByteCount);
        ArenaBuffer state = ProgramBuilder.State($"{node.Name}/state", node.Input.Shape[0] * time.ByteCount);
        Add(node, OpCode.Svdf, parameters, weights, features.Length + time.Shape.ElementCount, node.Input.Shape[0], [(SvdfKernel.State, state)], builder);
    }

    /// <summary>Lstm with int8 activations and int16 cells, whose scale is a power of two.</summary>
    public static void Lstm(Node node, Lstm op, ProgramBuilder builder)
    {
        Shape x = node.Input.Shape;
        int units = node.Output.Shape[2];
        int batches = x[op.TimeMajor ? 1 : 0];
        Quantization output = ProgramBuilder.Int8(node.Output);
        double cellPower = Math.Log2(op.Cell.Scale);
        if (op.Hidden.ZeroPoint is < -128 or > 127 || !op.Hidden.SameAs(output) || op.Cell.ZeroPoint != 0 || Math.Abs(cellPower - Math.Round(cellPower)) > 1e-3)
            throw new LoweringException($"its hidden state has the scale {op.Hidden.Scale} and zero point {op.Hidden.ZeroPoint}, its cells the scale {op.Cell.Scale}");
        var parameters = new int[LstmKernel.Count];
        parameters[LstmKernel.Batches] = batches;
        parameters[LstmKernel.Steps] = x[op.TimeMajor ? 0 : 1];
        parameters[LstmKernel.InputDepth] = x[2];
        parameters[LstmKernel.Units] = units;
        parameters[LstmKernel.TimeMajor] = op.TimeMajor ? 1 : 0;
        parameters[LstmKernel.HiddenZeroPoint] = op.Hidden.ZeroPoint;
        parameters[LstmKernel.CellClip] = op.CellClip > 0 ? (int)Math.Min((double)op.CellClip / op.Cell.Scale, short.MaxValue) : 0;
        (parameters[LstmKernel.CellScale], parameters[LstmKernel.CellScale + 1]) = CellScale(12 + (int)Math.Round(cellPower));
        float inputScale = ProgramBuilder.Int8(node.Input).Scale;
        for (int gate = 0; gate < LstmKernel.Gates; gate++)
        {
            SetFactor(parameters, LstmKernel.InputMultipliers + (2 * gate), (double)(inputScale * Weights(node, 1 + gate).Scale) / GateInputScale);
            SetFactor(parameters, LstmKernel.HiddenMultipliers + (2 * gate), (double)(op.Hidden.Scale * Weights(node, 5 + gate).Scale) / GateInputScale);
        }
        SetFactor(parameters, LstmKernel.ForgetMultiplier, (double)GateOutputScale * op.Cell.Scale / op.Cell.Scale);
        SetFactor(parameters, LstmKernel.UpdateMultiplier, (double)GateOutputScale * GateOutputScale / op.Cell.Scale);
        SetFactor(parameters, LstmKernel.OutputMultiplier, (double)GateOutputScale * GateOutputScale / op.Hidden.Scale);
        ArenaBuffer hidden = ProgramBuilder.State($"{node.Name}/hidden", batches * units);
        ArenaBuffer cell = ProgramBuilder.State($"{node.Name}/cell", 2 * batches * units);
        byte[] weights = LstmWeights(node, x[2], units, ProgramBuilder.Int8(node.Input).ZeroPoint, op.Hidden.ZeroPoint);
        Add(node, OpCode.Lstm, parameters, weights, LstmKernel.Gates * units * (x[2] + units), x[0] * x[1], [(LstmKernel.Hidden, hidden), (LstmKernel.Cell, cell)], builder);
    }

    /// <summary>Multiplier and right shift that bring a cell of scale <c>2^(power - 12)</c> to steps of 1 / 12288.</summary>
    private static (int Multiplier, int Shift) CellScale(int power)
    {
        if (power is > 3 or < -31)
            throw new LoweringException($"its cells have the scale 2^{power - 12}");
        return power < 0 ? (3, -power) : (3 << power, 0);
    }

    private static byte[] LstmWeights(Node node, int inputDepth, int units, int inputZeroPoint, int hiddenZeroPoint)
    {
        byte[] bytes = new byte[LstmKernel.WeightBytes(inputDepth, units)];
        Span<byte> biases = bytes.AsSpan(LstmKernel.Biases(inputDepth, units));
        int position = 0;
        for (int i = 0; i < 2 * LstmKernel.Gates; i++)
        {
            var weights = (sbyte[])node.Inputs[1 + i]!.Data!;
            Buffer.BlockCopy(weights, 0, bytes, position, weights.Length);
            position += weights.Length;
            int[]? bias = i < LstmKernel.Gates ? Bias(node, 9 + i) : null;
            int zeroPoint = i < LstmKernel.Gates ? inputZeroPoint : hiddenZeroPoint;
            int depth = weights.Length / units;
            for (int unit = 0; unit < units; unit++)
            {
                int sum = 0;
                foreach (sbyte weight in weights.AsSpan(unit * depth, depth))
                    sum += weight;
                BinaryPrimitives.WriteInt32LittleEndian(biases[(4 * ((i * units) + unit))..], unchecked((bias?[unit] ?? 0) - (zeroPoint * sum)));
            }
        }
        SigmoidTable.Build().CopyTo(biases[(32 * units)..]);
        return bytes;
    }

    private static Quantization Weights(Node node, int index)
    {
        Tensor weights = node.Inputs[index]!;
        return weights is { Data: sbyte[], Quantization: { IsPerChannel: false, ZeroPoint: 0 } quantization }
            ? quantization
            : throw new LoweringException($"its weights '{weights.Name}' are {weights.Type.JsonName()}, have several scales or a zero point");
    }

    private static int[]? Bias(Node node, int index)
    {
        Tensor? bias = node.InputOrNull(index);
        return bias is null ? null : bias.Data as int[] ?? throw new LoweringException($"its bias '{bias.Name}' is {bias.Type.JsonName()} instead of int32");
    }

    private static void SetFactor(int[] parameters, int index, double factor)
    {
        QuantizedMultiplier multiplier = QuantizedMultiplier.FromReal(factor);
        parameters[index] = multiplier.Multiplier;
        parameters[index + 1] = multiplier.Shift;
    }

    private static void Add(Node node, OpCode kernel, int[] parameters, byte[] weights, int weightCount, int rows, (int Parameter, ArenaBuffer Buffer)[] states, ProgramBuilder builder)
    {
        ArenaBuffer read = builder.Read(node.Input);
        ArenaReference[] state = Array.ConvertAll(states, item => new ArenaReference(item.Parameter, item.Buffer, 0));
        builder.Add(new DeviceLayer
        {
            Name = node.Name,
            Operator = node.Operator.Name,
            Kernel = kernel,
            Parameters = parameters,
            Reads = [new ArenaReference(SvdfKernel.Input, read, 0), .. state],
            Writes = [new ArenaReference(SvdfKernel.Output, builder.Write(node.Output), 0), .. state],
            Weights = weights,
            OutputShape = node.Output.Shape,
            Macs = (long)rows * weightCount,
            WeightCount = weightCount,
        });
    }
}
