using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>The axes over which inputs broadcast to an output, neighbours that broadcast alike merged.</summary>
internal static class BroadcastAxes
{
    /// <summary>Sizes and each input's strides in elements, outermost first, filled up with axes of size 1 and stride 0 on the outside.</summary>
    /// <param name="inputs">Shapes that broadcast to <paramref name="output"/>.</param>
    /// <param name="output">The output.</param>
    /// <param name="rank">Number of axes to give.</param>
    /// <exception cref="LoweringException">More axes remain.</exception>
    public static (int Size, int[] Strides)[] Of(Shape[] inputs, Shape output, int rank)
    {
        var axes = new List<(int Size, int[] Strides)>();
        int[][] strides = Array.ConvertAll(inputs, input => input.BroadcastStrides(output));
        for (int axis = output.Rank - 1; axis >= 0; axis--)
        {
            if (output[axis] == 1)
                continue;
            int[] own = Array.ConvertAll(strides, input => input[axis]);
            if (axes.Count > 0 && own.Zip(axes[^1].Strides).All(pair => pair.First == pair.Second * axes[^1].Size))
                axes[^1] = axes[^1] with { Size = axes[^1].Size * output[axis] };
            else
                axes.Add((output[axis], own));
        }
        if (axes.Count > rank)
            throw new LoweringException($"{string.Join<Shape>(" and ", inputs)} broadcast over more than {rank} groups of axes");
        while (axes.Count < rank)
            axes.Add((1, new int[inputs.Length]));
        axes.Reverse();
        return [.. axes];
    }
}
