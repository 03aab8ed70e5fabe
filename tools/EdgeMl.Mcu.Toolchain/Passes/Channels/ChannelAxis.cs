using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes.Channels;

/// <summary>Channels are the slices along the last axis; a scalar has one.</summary>
internal static class ChannelAxis
{
    /// <summary>Number of channels.</summary>
    public static int Channels(this Tensor tensor) => tensor.Shape.Rank == 0 ? 1 : tensor.Shape[-1];

    /// <summary>Whether all tensors of a node are int8, absent inputs apart.</summary>
    public static bool IsInt8(this Node node) => node.Outputs.Concat(node.Inputs.OfType<Tensor>()).All(tensor => tensor.Type == ElementType.Int8);

    /// <summary>The elements of int8 data whose channels stay.</summary>
    public static sbyte[] Slice(sbyte[] data, bool[] isKept)
    {
        int channels = isKept.Length;
        return [.. data.Where((_, i) => isKept[i % channels])];
    }

    /// <summary>Indices of the channels that stay.</summary>
    public static int[] Indices(bool[] isKept) => [.. Enumerable.Range(0, isKept.Length).Where(channel => isKept[channel])];
}
