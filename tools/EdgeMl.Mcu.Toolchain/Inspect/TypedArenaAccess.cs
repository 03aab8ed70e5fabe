using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Runtime.Typed;
using Element = EdgeMl.Mcu.Runtime.Arithmetic.Element;
using W = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Toolchain.Inspect;

/// <summary>What <see cref="ArenaAccess"/> says of layers whose elements are not int8, as pieces of the arena: offset and bytes.</summary>
internal static class TypedArenaAccess
{
    /// <summary>Type of the output's elements.</summary>
    public static TensorType OutputType(OpCode op, Func<int, int> parameter) => op switch
    {
        OpCode.Requantize or OpCode.Cast => (TensorType)parameter(Conversion.OutputType),
        OpCode.ArgReduce => (TensorType)parameter(ArgReduce.OutputType),
        OpCode.Compare => TensorType.Bool,
        OpCode.TreeEnsemble => TensorType.Float32,
        >= OpCode.Conv2DInt16 and <= OpCode.TransposeConv2DInt16 => TensorType.Int16,
        _ => TensorType.Int8,
    };

    /// <summary>The piece that is written.</summary>
    public static (int Offset, int Bytes) Write(OpCode op, Func<int, int> parameter) => op switch
    {
        OpCode.Requantize or OpCode.Cast => (parameter(Conversion.Output), parameter(Conversion.Length) << Element.SizeShift(parameter(Conversion.OutputType))),
        OpCode.SlopesInt16 or OpCode.SigmoidInt16 or OpCode.SoftmaxInt16 => (parameter(Conversion.Output), 2 * parameter(Conversion.Length)),
        OpCode.ArgReduce => (parameter(ArgReduce.Output), parameter(ArgReduce.Outer) * parameter(ArgReduce.Inner) << Element.SizeShift(parameter(ArgReduce.OutputType))),
        OpCode.Compare or OpCode.Select or OpCode.BinaryInt16 => (parameter(BroadcastKernel.Output), parameter(BroadcastKernel.OutputSize) * Product(parameter, BroadcastKernel.Shape, BroadcastKernel.Rank)),
        OpCode.GatherElements => (parameter(GatherElements.Output), parameter(GatherElements.Outer) * parameter(GatherElements.Length) * parameter(GatherElements.InnerBytes)),
        OpCode.Conv2DInt16 or OpCode.Pool2DInt16 or OpCode.TransposeConv2DInt16 =>
            (parameter(W.Output), 2 * parameter(W.Batches) * parameter(W.OutputHeight) * parameter(W.OutputWidth) * parameter(W.OutputChannels)),
        OpCode.SoftmaxToInt16 => (parameter(ExpTable.Output), 2 * parameter(ExpTable.Rows) * parameter(ExpTable.Depth)),
        OpCode.MeanInt16 => (parameter(Mean.Output), 2 * parameter(Mean.Shape) * parameter(Mean.Shape + 2) * parameter(Mean.Shape + 4)),
        OpCode.BatchMatMulInt16 => (parameter(BatchMatMul.Output), 2 * Product(parameter, BatchMatMul.Shape, BatchMatMul.Axes - 1)),
        OpCode.Svdf => (parameter(Svdf.Output), parameter(Svdf.Batches) * (parameter(Svdf.Filters) / parameter(Svdf.Rank))),
        OpCode.Lstm => (parameter(Lstm.Output), parameter(Lstm.Batches) * parameter(Lstm.Steps) * parameter(Lstm.Units)),
        _ => (0, 0),
    };

    /// <summary>The pieces that are read. Inputs that are broadcast or strided are read as a whole.</summary>
    public static IEnumerable<(int Offset, int Bytes)> Reads(OpCode op, Func<int, int> parameter) => op switch
    {
        OpCode.Requantize or OpCode.Cast => [(parameter(Conversion.Input), parameter(Conversion.Length) << Element.SizeShift(parameter(Conversion.InputType)))],
        OpCode.SlopesInt16 or OpCode.SigmoidInt16 or OpCode.SoftmaxInt16 => [(parameter(Conversion.Input), 2 * parameter(Conversion.Length))],
        OpCode.ArgReduce => [(parameter(ArgReduce.Input), parameter(ArgReduce.Outer) * parameter(ArgReduce.Depth) * parameter(ArgReduce.Inner) << Element.SizeShift(parameter(ArgReduce.InputType)))],
        OpCode.Compare or OpCode.BinaryInt16 => Enumerable.Range(0, 2).Select(input => Broadcast(parameter, input)),
        OpCode.Select => Enumerable.Range(0, 3).Select(input => Broadcast(parameter, input)),
        OpCode.GatherElements =>
        [
            (parameter(GatherElements.Input), parameter(GatherElements.Outer) * parameter(GatherElements.Depth) * parameter(GatherElements.InnerBytes)),
            (parameter(GatherElements.Indices), parameter(GatherElements.Length) << Element.SizeShift(parameter(GatherElements.IndexType))),
        ],
        OpCode.Conv2DInt16 or OpCode.Pool2DInt16 or OpCode.TransposeConv2DInt16 =>
            [(parameter(W.Input), 2 * parameter(W.Batches) * parameter(W.InputHeight) * parameter(W.InputWidth) * parameter(W.InputChannels))],
        OpCode.SoftmaxToInt16 => [(parameter(ExpTable.Input), parameter(ExpTable.Rows) * parameter(ExpTable.Depth))],
        OpCode.MeanInt16 => [(parameter(Mean.Input), 2 * Product(parameter, Mean.Shape, 6))],
        OpCode.BatchMatMulInt16 => [Matrix(parameter, BatchMatMul.Input1, BatchMatMul.Strides1), Matrix(parameter, BatchMatMul.Input2, BatchMatMul.Strides2)],
        OpCode.TreeEnsemble => [(parameter(TreeEnsemble.Input), parameter(TreeEnsemble.Features) << (parameter(TreeEnsemble.Keys) == 0 ? 0 : 2))],
        OpCode.Svdf => [(parameter(Svdf.Input), parameter(Svdf.Batches) * parameter(Svdf.InputDepth))],
        OpCode.Lstm => [(parameter(Lstm.Input), parameter(Lstm.Batches) * parameter(Lstm.Steps) * parameter(Lstm.InputDepth))],
        _ => [],
    };

    /// <summary>The pieces that live from one inference to the next.</summary>
    public static IEnumerable<(int Offset, int Bytes)> States(OpCode op, Func<int, int> parameter) => op switch
    {
        OpCode.Svdf => [(parameter(Svdf.State), parameter(Svdf.Batches) * parameter(Svdf.Filters) * parameter(Svdf.Memory) * parameter(Svdf.StateSize))],
        OpCode.Lstm => [(parameter(Lstm.Hidden), parameter(Lstm.Batches) * parameter(Lstm.Units)), (parameter(Lstm.Cell), 2 * parameter(Lstm.Batches) * parameter(Lstm.Units))],
        _ => [],
    };

    private static (int Offset, int Bytes) Broadcast(Func<int, int> parameter, int input)
    {
        int bytes = parameter(BroadcastKernel.InputSize + input);
        for (int axis = 0; axis < BroadcastKernel.Rank; axis++)
            bytes += parameter(BroadcastKernel.Strides + (input * BroadcastKernel.Rank) + axis) * (parameter(BroadcastKernel.Shape + axis) - 1);
        return (parameter(BroadcastKernel.Input + input), bytes);
    }

    private static (int Offset, int Bytes) Matrix(Func<int, int> parameter, int input, int strides)
    {
        int elements = 1;
        for (int axis = 0; axis < BatchMatMul.Axes; axis++)
            elements += parameter(strides + axis) * (parameter(BatchMatMul.Shape + axis) - 1);
        return (parameter(input), 2 * elements);
    }

    private static int Product(Func<int, int> parameter, int first, int count)
    {
        int product = 1;
        for (int i = first; i < first + count; i++)
            product *= parameter(i);
        return product;
    }
}
