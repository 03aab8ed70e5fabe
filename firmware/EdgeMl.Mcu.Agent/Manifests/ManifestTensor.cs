using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Agent.Manifests;

/// <summary>Type and shape of an input or output. Immutable.</summary>
public sealed class ManifestTensor
{
    private readonly int[] _dimensions;

    /// <summary>Creates the description of a tensor.</summary>
    /// <param name="type">Type of its elements.</param>
    /// <param name="dimensions">Its shape on the device, at most <see cref="ModelFormat.MaxRank"/> dimensions, each 1 or more. The array is kept.</param>
    public ManifestTensor(TensorType type, int[] dimensions)
    {
        Type = type;
        _dimensions = dimensions;
    }

    /// <summary>Type of the elements.</summary>
    public TensorType Type { get; }

    /// <summary>Number of dimensions.</summary>
    public int Rank => _dimensions.Length;

    /// <summary>Type and shape of a model's input or output, as it is on the device.</summary>
    public static ManifestTensor Of(TensorInfo tensor)
    {
        int[] dimensions = new int[tensor.Rank];
        for (int i = 0; i < dimensions.Length; i++)
            dimensions[i] = tensor.Dimension(i);
        return new ManifestTensor(tensor.ElementType, dimensions);
    }

    /// <summary>Dimension at an axis from 0 to below <see cref="Rank"/>; the last axis varies fastest.</summary>
    public int Dimension(int axis)
    {
        return _dimensions[axis];
    }

    /// <summary>Whether type and shape are another's.</summary>
    public bool IsSameAs(ManifestTensor other)
    {
        bool same = Type == other.Type && Rank == other.Rank;
        for (int i = 0; same && i < _dimensions.Length; i++)
            same = _dimensions[i] == other._dimensions[i];
        return same;
    }

    /// <summary>Whether two lists have the same tensors in the same order.</summary>
    public static bool AreSame(ManifestTensor[] left, ManifestTensor[] right)
    {
        bool same = left.Length == right.Length;
        for (int i = 0; same && i < left.Length; i++)
            same = left[i].IsSameAs(right[i]);
        return same;
    }
}
