namespace EdgeMl.Mcu.Toolchain.Graph;

/// <summary>What a graph may ask of memory. Checked when a file has been read, before anything of the size that it names is allocated.</summary>
public static class GraphLimits
{
    /// <summary>Most elements of all activations together (2^23): 8 MiB as int8, 32 MiB on the float executor.</summary>
    public const int ActivationElementsMax = 1 << 23;

    /// <summary>Checks a graph.</summary>
    /// <exception cref="ToolchainException">
    /// <see cref="ErrorCodes.DoesNotFit"/>: its activations are larger than <see cref="ActivationElementsMax"/>. With the given code: an activation has no elements.
    /// </exception>
    public static void Check(ModelGraph graph, string invalidCode)
    {
        long elements = 0;
        foreach (Tensor tensor in graph.Tensors().Where(tensor => !tensor.IsConstant))
        {
            long count = tensor.Shape.Aggregate(1L, (product, dimension) => Math.Min(product * dimension, int.MaxValue));
            if (count < 1)
                throw new ToolchainException(invalidCode, $"{graph.Name}: '{tensor.Name}' of shape {tensor.Shape} has no elements.", "Export the model again with fixed, positive sizes.");
            elements += count;
        }
        if (elements > ActivationElementsMax)
        {
            throw new ToolchainException(ErrorCodes.DoesNotFit,
                $"{graph.Name}: its activations have {elements} elements in total; at most {ActivationElementsMax} are supported.", "Use a smaller input or a smaller model.");
        }
    }
}
