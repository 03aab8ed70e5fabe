using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Values of operators whose inputs are all constants.</summary>
internal static class ConstantFolder
{
    /// <summary>Outputs that may be larger than their inputs are not folded beyond this.</summary>
    private const int MaxExpanded = 1 << 20;

    /// <summary>
    /// Elements of the output: moved ones of any type, and reals of operators that do little work for each element.
    /// Null where an input is not constant or the operator is not one of those.
    /// </summary>
    public static Array? TryEvaluate(Operator op, Tensor output, IReadOnlyList<Tensor?> inputs)
    {
        if (!inputs.All(input => input is { IsConstant: true }))
            return null;
        Tensor x = inputs[0]!;
        bool isFloat = inputs.Append(output).All(tensor => tensor!.Type == ElementType.Float32);
        return op switch
        {
            Reshape => (Array)x.Data!.Clone(),
            Transpose transpose => ConstantData.Transpose(x.Data!, x.Shape, transpose.Permutation),
            StridedSlice slice => ConstantData.Slice(x.Data!, x.Shape, output.Shape, slice.Begin, slice.Strides),
            Concatenation concatenation => ConstantData.Concatenate([.. inputs.Select(input => (input!.Data!, input.Shape))], concatenation.Axis),
            Gather or MirrorPad or ResizeNearest or BroadcastTo or ResizeBilinear when output.Shape.ElementCount > MaxExpanded => null,
            Gather or MirrorPad or ResizeNearest => ConstantData.Select(x.Data!, x.Shape, output.Shape, AxisSelection.Of(op, x.Shape, output.Shape)),
            BroadcastTo => ConstantData.Broadcast(x.Data!, x.Shape, output.Shape),
            Unary or Binary or Pad or Mean or Reduce or ResizeBilinear or BatchNormalization or Softmax or LogSoftmax when isFloat && !output.Shape.Contains(0) =>
                NodeEvaluator.Evaluate(new Node(output.Name, op, inputs, output))[0],
            Dequantize when output.Type == ElementType.Float32 => x.Reals().Clone() as Array,
            _ => null,
        };
    }
}
