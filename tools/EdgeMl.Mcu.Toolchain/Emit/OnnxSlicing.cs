using EdgeMl.Mcu.Toolchain.Import.Onnx;
using EdgeMl.Mcu.Toolchain.Import.Onnx.Proto;
using AttributeType = EdgeMl.Mcu.Toolchain.Import.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace EdgeMl.Mcu.Toolchain.Emit;

/// <summary>Takes slices out of the tensors of an ONNX graph, and adapts what else states their sizes.</summary>
internal static class OnnxSlicing
{
    /// <summary>Removes elements that make up whole slices along the axes of a tensor.</summary>
    /// <param name="tensor">The tensor, of reals.</param>
    /// <param name="isKept">For each element whether it stays.</param>
    /// <exception cref="ToolchainException"><see cref="ErrorCodes.SparsityOutOfReach"/>: they do not.</exception>
    public static void Slice(TensorProto tensor, bool[] isKept)
    {
        int[] dims = [.. tensor.Dims.Select(dim => (int)dim)];
        bool[][] slices = [.. dims.Select(dim => new bool[dim])];
        for (int i = 0; i < isKept.Length; i++)
        {
            if (!isKept[i])
                continue;
            for (int axis = 0, index = i, size = isKept.Length; axis < dims.Length; axis++)
            {
                size /= dims[axis];
                slices[axis][index / size] = true;
                index %= size;
            }
        }
        int[] left = [.. slices.Select(slice => slice.Count(kept => kept))];
        if (isKept.Count(kept => kept) != left.Aggregate(1, (product, dim) => product * dim))
        {
            throw new ToolchainException(ErrorCodes.SparsityOutOfReach, $"Channels cannot be taken out of the tensor '{tensor.Name}': they are no slices of it.",
                "Prune weights or blocks instead.");
        }
        float[] values = OnnxTensors.Read(tensor, tensor.Name).Reals();
        OnnxTensors.Store(tensor, [.. values.Where((_, i) => isKept[i])]);
        tensor.Dims.Clear();
        tensor.Dims.Add(left.Select(dim => (long)dim));
    }

    /// <summary>
    /// Sets the groups of depthwise convolutions, lets reshapes to two dimensions find the second one, and drops the recorded shapes of inner values.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="outputs">The number of outputs that a node has left, and that it had; null where nothing changed.</param>
    public static void Adapt(GraphProto graph, Func<string, (int Left, int All)?> outputs)
    {
        graph.ValueInfo.Clear();
        var constants = graph.Initializer.GroupBy(tensor => tensor.Name).ToDictionary(group => group.Key, group => group.First());
        foreach (NodeProto node in graph.Node)
        {
            AttributeProto? group = node.Attribute.FirstOrDefault(attribute => attribute.Name == "group");
            // Only depthwise ones lose outputs, and an input channel goes with all the outputs that it has.
            if (node.OpType == "Conv" && group is { I: > 1 } && outputs(OnnxNode.DisplayName(node)) is { } count)
                group.I = group.I * count.Left / count.All;
            if (node.OpType == "Reshape" && node.Input.Count > 1)
                FreeSecondDimension(graph, node, constants);
        }
    }

    // Reshape's target may be shared with other nodes, so it gets one of its own.
    private static void FreeSecondDimension(GraphProto graph, NodeProto node, Dictionary<string, TensorProto> constants)
    {
        TensorProto? target = constants.GetValueOrDefault(node.Input[1])
            ?? graph.Node.FirstOrDefault(other => other.OpType == "Constant" && other.Output.Contains(node.Input[1]))?.Attribute.FirstOrDefault(attribute => attribute.Name == "value" && attribute.Type == AttributeType.Tensor)?.T;
        if (target is null || OnnxTensors.Read(target, target.Name).Data is not long[] { Length: 2 } shape || shape[1] < 1)
            return;
        var own = new TensorProto { Name = $"{node.Input[1]}_{OnnxNode.DisplayName(node)}", DataType = TensorProto.Types.DataType.Int64 };
        own.Dims.Add(2);
        // 0 keeps the batch dimension of the input.
        own.Int64Data.Add([shape[0] < 0 ? 0 : shape[0], -1]);
        graph.Initializer.Add(own);
        node.Input[1] = own.Name;
    }
}
