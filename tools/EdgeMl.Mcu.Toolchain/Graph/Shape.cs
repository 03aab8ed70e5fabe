using System.Collections;

namespace EdgeMl.Mcu.Toolchain.Graph;

/// <summary>Dimensions of a tensor, outermost first, all known and positive (a dimension of 0 only in constants). Immutable, compared by value.</summary>
public sealed class Shape : IReadOnlyList<int>, IEquatable<Shape>
{
    private readonly int[] _dimensions;

    /// <summary>Creates a shape; no dimension at all is a scalar.</summary>
    public Shape(params int[] dimensions) => _dimensions = (int[])dimensions.Clone();

    /// <summary>Number of dimensions.</summary>
    public int Rank => _dimensions.Length;

    /// <inheritdoc/>
    int IReadOnlyCollection<int>.Count => Rank;

    /// <summary>Product of the dimensions; 1 for a scalar.</summary>
    public int ElementCount
    {
        get
        {
            int count = 1;
            foreach (int dimension in _dimensions)
                count = checked(count * dimension);
            return count;
        }
    }

    /// <summary>Dimension at an index; a negative one counts from the end.</summary>
    public int this[int index] => _dimensions[index < 0 ? index + Rank : index];

    /// <summary>The dimensions in a new array.</summary>
    public int[] ToArray() => (int[])_dimensions.Clone();

    /// <summary>Row-major strides in elements.</summary>
    public int[] Strides()
    {
        var strides = new int[Rank];
        int stride = 1;
        for (int i = Rank - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= _dimensions[i];
        }
        return strides;
    }

    /// <summary>Row-major strides for a walk over a shape that this one broadcasts to: 0 along axes that this one lacks or has with size 1.</summary>
    public int[] BroadcastStrides(Shape target)
    {
        int[] own = Strides();
        var strides = new int[target.Rank];
        for (int i = 1; i <= Rank; i++)
            strides[target.Rank - i] = this[-i] == 1 ? 0 : own[Rank - i];
        return strides;
    }

    /// <summary>The shape whose dimension <c>i</c> is this one's <c>permutation[i]</c>.</summary>
    public Shape Permute(IReadOnlyList<int> permutation)
    {
        var dimensions = new int[Rank];
        for (int i = 0; i < Rank; i++)
            dimensions[i] = _dimensions[permutation[i]];
        return new Shape(dimensions);
    }

    /// <summary>The same dimensions with one replaced; a negative axis counts from the end.</summary>
    public Shape With(int axis, int dimension)
    {
        int[] dimensions = ToArray();
        dimensions[axis < 0 ? axis + Rank : axis] = dimension;
        return new Shape(dimensions);
    }

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && _dimensions.AsSpan().SequenceEqual(other._dimensions);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int dimension in _dimensions)
            hash.Add(dimension);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)_dimensions).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _dimensions.GetEnumerator();

    /// <summary><c>1x49x10x1</c>, or <c>scalar</c>.</summary>
    public override string ToString() => Rank == 0 ? "scalar" : string.Join('x', _dimensions);
}
