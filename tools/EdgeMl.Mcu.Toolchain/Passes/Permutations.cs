using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>Arithmetic of axis orders; output axis <c>i</c> is input axis <c>permutation[i]</c>.</summary>
internal static class Permutations
{
    /// <summary>The permutation that undoes another one.</summary>
    public static int[] Inverse(IReadOnlyList<int> permutation)
    {
        var inverse = new int[permutation.Count];
        for (int i = 0; i < inverse.Length; i++)
            inverse[permutation[i]] = i;
        return inverse;
    }

    /// <summary>One permutation after another.</summary>
    public static int[] Compose(IReadOnlyList<int> first, IReadOnlyList<int> second) => [.. second.Select(axis => first[axis])];

    /// <summary>Whether every axis stays where it is.</summary>
    public static bool IsIdentity(IReadOnlyList<int> permutation) => permutation.Select((axis, i) => axis == i).All(same => same);

    /// <summary>Whether the elements of a tensor keep their order: only axes of size 1 move past others.</summary>
    public static bool KeepsOrder(IReadOnlyList<int> permutation, Shape input)
    {
        int last = -1;
        foreach (int axis in permutation)
        {
            if (input[axis] == 1)
                continue;
            if (axis < last)
                return false;
            last = axis;
        }
        return true;
    }

    /// <summary>Values that belong to the axes of a transposed tensor, for the axes of the tensor before it.</summary>
    public static T[] Before<T>(IReadOnlyList<T> values, IReadOnlyList<int> permutation)
    {
        var result = new T[values.Count];
        for (int i = 0; i < result.Length; i++)
            result[permutation[i]] = values[i];
        return result;
    }
}
