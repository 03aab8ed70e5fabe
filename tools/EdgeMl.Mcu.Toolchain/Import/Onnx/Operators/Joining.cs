using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Operators that put tensors together.</summary>
internal static class Joining
{
    /// <summary>Concat along an axis.</summary>
    public static Tensor Concat(OnnxNode node)
    {
        if (node.InputCount == 0)
            throw node.Invalid("there is no input");
        Tensor[] inputs = [.. Enumerable.Range(0, node.InputCount).Select(node.Input)];
        Shape first = inputs[0].Shape;
        int axis = node.Axis(node.Attributes.Integer("axis", 1), first.Rank);
        long total = 0;
        foreach (Tensor input in inputs)
        {
            if (input.Type != inputs[0].Type || input.Shape.Rank != first.Rank || !input.Shape.With(axis, 0).Equals(first.With(axis, 0)))
                throw node.Invalid($"'{input.Name}' ({input.Type.JsonName()} {input.Shape}) does not fit '{inputs[0].Name}' ({inputs[0].Type.JsonName()} {first})");
            total += input.Shape[axis];
        }
        // Parts without elements come from shape arithmetic.
        inputs = [.. inputs.Where(input => input.Shape[axis] > 0)];
        if (total > OnnxErrors.MaxElements)
            throw node.Invalid($"the output would have {total} elements on axis {axis}");
        return inputs.Length switch
        {
            0 => node.Input(0),
            1 => inputs[0],
            _ => node.Emit(new Concatenation(axis), first.With(axis, (int)total), inputs),
        };
    }
}
