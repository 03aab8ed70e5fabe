using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>Moves a transpose behind a reshape where the reshape splits or joins only axes that the transpose keeps together.</summary>
internal static class ReshapeCommutation
{
    /// <summary>Axes of the reshape's input and output that hold the same elements; axes of size 1 belong to the group before them.</summary>
    private sealed record Group(List<int> InputAxes, List<int> OutputAxes);

    /// <summary>
    /// Rewrites <c>x → transpose → reshape</c> as <c>x → reshape → transpose</c>; false where that is not possible. Where the transpose also mixes
    /// axes within a group (a channel shuffle) that part stays in front, if the rest then meets another transpose.
    /// </summary>
    public static bool TrySink(ModelGraph graph, Node reshape, Node transpose)
    {
        int[] permutation = ((Transpose)transpose.Operator).Permutation;
        Tensor x = transpose.Input;
        if (!GraphEdits.SameValues(reshape.Input, reshape.Output))
            return false;
        List<Group> groups = [.. FindGroups(reshape.Input.Shape, reshape.Output.Shape).OrderBy(group => Position(group, permutation, x.Shape))];
        int[] inner = [.. groups.SelectMany(group => group.InputAxes).Select(axis => permutation[axis])];
        int[] order = [.. groups.SelectMany(group => group.OutputAxes)];
        if (!Permutations.KeepsOrder(inner, x.Shape))
        {
            if (Permutations.IsIdentity(order) || graph.OnlyConsumer(reshape.Output) is not { Operator: Transpose })
                return false;
            Tensor shuffled = graph.NewLike(x, "_shuffled", x.Shape.Permute(inner));
            graph.InsertBefore(reshape, new Node(transpose.Name, new Transpose(inner), [x], shuffled));
            x = shuffled;
        }
        reshape.Inputs[0] = x;
        TransposeSinking.AppendTranspose(graph, reshape, Permutations.Inverse(order));
        return true;
    }

    // Where the group's first elements stand in x; groups of nothing but axes of size 1 go to the front.
    private static int Position(Group group, int[] permutation, Shape x) =>
        group.InputAxes.Select(axis => permutation[axis]).Where(axis => x[axis] > 1).DefaultIfEmpty(-1).Min();

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
