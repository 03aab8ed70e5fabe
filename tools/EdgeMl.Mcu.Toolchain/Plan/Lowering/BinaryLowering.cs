using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using AddKernel = EdgeMl.Mcu.Runtime.Kernels.Add;
using K = EdgeMl.Mcu.Runtime.Kernels.BinaryKernel;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Operators with two inputs and broadcasting.</summary>
internal static class BinaryLowering
{
    /// <summary>Add: both inputs are scaled to twice the larger scale, with 20 more bits.</summary>
    public static void Add(Node node, Binary op, ProgramBuilder builder)
    {
        Quantization first = ProgramBuilder.Int8(node.Input);
        Quantization second = ProgramBuilder.Int8(node.Inputs[1]!);
        Quantization output = ProgramBuilder.Int8(node.Output);
        double twiceMax = 2.0 * Math.Max(first.Scale, second.Scale);
        var parameters = new int[new AddKernel().ParameterCount];
        parameters[AddKernel.ZeroPoint1] = first.ZeroPoint;
        parameters[AddKernel.ZeroPoint2] = second.ZeroPoint;
        parameters[AddKernel.OutputZeroPoint] = output.ZeroPoint;
        SetMultiplier(parameters, AddKernel.Multiplier1, first.Scale / twiceMax);
        SetMultiplier(parameters, AddKernel.Multiplier2, second.Scale / twiceMax);
        SetMultiplier(parameters, AddKernel.OutputMultiplier, twiceMax / ((1 << AddKernel.LeftShift) * (double)output.Scale));
        AddLayer(node, op, OpCode.Add, parameters, builder);
    }

    private static void SetMultiplier(int[] parameters, int index, double factor)
    {
        QuantizedMultiplier multiplier = QuantizedMultiplier.FromReal(factor);
        parameters[index] = multiplier.Multiplier;
        parameters[index + 1] = multiplier.Shift;
    }

    private static void AddLayer(Node node, Binary op, OpCode kernel, int[] parameters, ProgramBuilder builder)
    {
        Tensor first = node.Input;
        Tensor second = node.Inputs[1]!;
        (int[] shape, int[] strides1, int[] strides2) = Broadcast(first.Shape, second.Shape, node.Output.Shape);
        shape.CopyTo(parameters, K.Shape);
        strides1.CopyTo(parameters, K.Strides1);
        strides2.CopyTo(parameters, K.Strides2);
        (parameters[K.ActivationMin], parameters[K.ActivationMax]) = ActivationRange.Of(op.Activation, ProgramBuilder.Int8(node.Output));
        ArenaBuffer read1 = builder.Read(first);
        ArenaBuffer read2 = builder.Read(second);
        ArenaBuffer[] inPlace = [.. new[] { (first, read1), (second, read2) }.Where(pair => pair.Item1.Shape.ElementCount == node.Output.Shape.ElementCount).Select(pair => pair.Item2)];
        builder.Add(new DeviceLayer
        {
            Name = node.Name,
            Operator = op.Name,
            Kernel = kernel,
            Parameters = parameters,
            Reads = [new ArenaReference(K.Input1, read1, 0), new ArenaReference(K.Input2, read2, 0)],
            Writes = [new ArenaReference(K.Output, builder.Write(node.Output), 0)],
            OutputShape = node.Output.Shape,
        }, inPlace);
    }

    /// <summary>Output dimensions and input strides in the kernel's rank, neighbours that broadcast alike merged.</summary>
    private static (int[] Shape, int[] Strides1, int[] Strides2) Broadcast(Shape first, Shape second, Shape output)
    {
        var merged = new List<(int Size, int Stride1, int Stride2)>();
        int[] strides1 = BroadcastStrides(first, output);
        int[] strides2 = BroadcastStrides(second, output);
        for (int axis = output.Rank - 1; axis >= 0; axis--)
        {
            if (output[axis] == 1)
                continue;
            if (merged.Count > 0 && strides1[axis] == merged[^1].Stride1 * merged[^1].Size && strides2[axis] == merged[^1].Stride2 * merged[^1].Size)
                merged[^1] = (merged[^1].Size * output[axis], merged[^1].Stride1, merged[^1].Stride2);
            else
                merged.Add((output[axis], strides1[axis], strides2[axis]));
        }
        if (merged.Count > K.Rank)
            throw new LoweringException($"{first} and {second} broadcast over more than {K.Rank} groups of axes");
        while (merged.Count < K.Rank)
            merged.Add((1, 0, 0));
        merged.Reverse();
        return ([.. merged.Select(m => m.Size)], [.. merged.Select(m => m.Stride1)], [.. merged.Select(m => m.Stride2)]);
    }

    private static int[] BroadcastStrides(Shape input, Shape output)
    {
        int[] own = input.Strides();
        var strides = new int[output.Rank];
        for (int i = 1; i <= input.Rank; i++)
            strides[output.Rank - i] = input[-i] == 1 ? 0 : own[input.Rank - i];
        return strides;
    }
}
