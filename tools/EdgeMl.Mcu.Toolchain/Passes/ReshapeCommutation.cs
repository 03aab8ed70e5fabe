using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>Moves a transpose behind a reshape where the reshape splits or joins only axes that the transpose keeps together.</summary>
internal static class ReshapeCommutation
{
    /// <summary>Axes of the reshape's input and output that hold the same elements; axes of size 1 belong to the group before them.</summary>
    private sealed record Group(List<int> InputAxes, List<int> OutputAxes);

    /// <summary>Rewrites <c>x → transpose → reshape</c> as <c>x → reshape → transpose</c>; false where that is not possible.</summary>
    public static bool TrySink(ModelGraph graph, Node reshape, Node transpose)
    {
        int[] permutation = ((Transpose)transpose.Operator).Permutation;
        Tensor x = transpose.Input;
        if (!GraphEdits.SameValues(reshape.Input, reshape.Output))
            return false;
        List<Group> groups = FindGroups(reshape.Input.Shape, reshape.Output.Shape);
        var positions = new List<(int Position, Group Group)>();
        foreach (Group group in groups)
        {
            int[] sourceAxes = [.. group.InputAxes.Select(axis => permutation[axis]).Where(axis => x.Shape[axis] > 1)];
            if (!AreAdjacent(sourceAxes, x.Shape))
                return false;
            positions.Add((sourceAxes.Length > 0 ? sourceAxes[0] : -1, group));
        }
        int[] order = [.. positions.OrderBy(entry => entry.Position).SelectMany(entry => entry.Group.OutputAxes)];
        reshape.Inputs[0] = x;
        TransposeSinking.AppendTranspose(graph, reshape, Permutations.Inverse(order));
        return true;
    }

    private static bool AreAdjacent(int[] axes, Shape shape)
    {
        for (int i = 1; i < axes.Length; i++)
        {
            if (axes[i] <= axes[i - 1])
                return false;
            for (int between = axes[i - 1] + 1; between < axes[i]; between++)
            {
                if (shape[between] > 1)
                    return false;
            }
        }
        return true;
    }

    private static List<Group> FindGroups(Shape input, Shape output)
    {
        // The first group takes leading axes of size 1 and holds no others.
        var groups = new List<Group>();
        var current = new Group([], []);
        int i = 0;
        int o = 0;
        TakeUnits();
        while (i < input.Rank || o < output.Rank)
        {
            groups.Add(current);
            current = new Group([i], [o]);
            long left = input[i++];
            long right = output[o++];
            while (left != right)
            {
                if (left < right)
                {
                    current.InputAxes.Add(i);
                    left *= input[i++];
                }
                else
                {
                    current.OutputAxes.Add(o);
                    right *= output[o++];
                }
            }
            TakeUnits();
        }
        groups.Add(current);
        return groups;

        void TakeUnits()
        {
            while (i < input.Rank && input[i] == 1)
                current.InputAxes.Add(i++);
            while (o < output.Rank && output[o] == 1)
                current.OutputAxes.Add(o++);
        }
    }
}
