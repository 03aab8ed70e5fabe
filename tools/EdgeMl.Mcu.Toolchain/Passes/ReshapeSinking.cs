using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>
/// Moves reshapes behind elementwise operators, so that operators meet the ones they fuse with and reshapes meet the ones that undo them.
/// </summary>
public static class ReshapeSinking
{
    /// <summary>Runs the pass; true where it changed something.</summary>
    public static bool Apply(ModelGraph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            changed |= node.Operator switch
            {
                Unary => TrySinkUnary(graph, node),
                Binary => TrySinkBinary(graph, node),
                Pad pad => TrySinkPad(graph, node, pad),
                Concatenation concatenation => TrySinkConcatenation(graph, node, concatenation),
                _ => false,
            };
        }
        return changed;
    }

    /// <summary>Whether two shapes differ only in axes of size 1.</summary>
    public static bool MovesOnlyUnits(Shape a, Shape b) => a.Where(d => d != 1).SequenceEqual(b.Where(d => d != 1));

    private static bool TrySinkUnary(ModelGraph graph, Node node)
    {
        if (Source(graph, node.Input) is not { } source)
            return false;
        node.Inputs[0] = source.Input;
        AppendReshape(graph, node, source.Input.Shape);
        return true;
    }

    private static bool TrySinkBinary(ModelGraph graph, Node node)
    {
        Tensor a = node.Inputs[0]!;
        Tensor b = node.Inputs[1]!;
        Node? left = Source(graph, a);
        Node? right = Source(graph, b);
        if (left is not null && right is not null && a.Shape.Equals(b.Shape) && left.Input.Shape.Equals(right.Input.Shape))
        {
            (node.Inputs[0], node.Inputs[1]) = (left.Input, right.Input);
            AppendReshape(graph, node, left.Input.Shape);
            return true;
        }
        (Node? source, Tensor constant, int index) = b.IsConstant ? (left, b, 1) : (right, a, 0);
        if (source is null || !constant.IsConstant || !node.Output.Shape.Equals(source.Output.Shape)
            || Reshaped(graph, constant, source.Output.Shape, source.Input.Shape) is not { } reshaped)
        {
            return false;
        }
        node.Inputs[index] = reshaped;
        node.Inputs[1 - index] = source.Input;
        AppendReshape(graph, node, source.Input.Shape);
        return true;
    }

    private static bool TrySinkPad(ModelGraph graph, Node node, Pad pad)
    {
        if (Source(graph, node.Input) is not { } source || Axes(node.Input.Shape, source.Input.Shape) is not { } axes)
            return false;
        var before = new int[source.Input.Shape.Rank];
        var after = new int[source.Input.Shape.Rank];
        int[] dimensions = source.Input.Shape.ToArray();
        for (int axis = 0; axis < axes.Length; axis++)
        {
            if (axes[axis] < 0 && (pad.Before[axis] | pad.After[axis]) != 0)
                return false;
            if (axes[axis] < 0)
                continue;
            before[axes[axis]] = pad.Before[axis];
            after[axes[axis]] = pad.After[axis];
            dimensions[axes[axis]] += pad.Before[axis] + pad.After[axis];
        }
        node.Operator = pad with { Before = before, After = after };
        node.Inputs[0] = source.Input;
        AppendReshape(graph, node, new Shape(dimensions));
        return true;
    }

    private static bool TrySinkConcatenation(ModelGraph graph, Node node, Concatenation concatenation)
    {
        Node?[] sources = [.. node.Inputs.Select(input => Source(graph, input!))];
        if (sources[0] is not { } first || Axes(first.Output.Shape, first.Input.Shape) is not { } axes || axes[concatenation.Axis] is not (>= 0 and var axis))
            return false;
        foreach (Node? source in sources)
        {
            if (source is null || source.Input.Shape.Rank != first.Input.Shape.Rank || !source.Input.Shape.With(axis, 1).Equals(first.Input.Shape.With(axis, 1))
                || source.Input.Shape[axis] != source.Output.Shape[concatenation.Axis])
            {
                return false;
            }
        }
        for (int i = 0; i < sources.Length; i++)
            node.Inputs[i] = sources[i]!.Input;
        node.Operator = new Concatenation(axis);
        AppendReshape(graph, node, first.Input.Shape.With(axis, node.Output.Shape[concatenation.Axis]));
        return true;
    }

    /// <summary>The reshape that computes a tensor, if it keeps the values.</summary>
    private static Node? Source(ModelGraph graph, Tensor tensor) =>
        graph.ProducerOf<Reshape>(tensor) is { } node && GraphEdits.SameValues(node.Input, node.Output) ? node : null;

    /// <summary>For each axis the one of the other shape with the same elements, -1 for axes of size 1; null where the shapes differ in more than those.</summary>
    private static int[]? Axes(Shape from, Shape to)
    {
        if (!MovesOnlyUnits(from, to))
            return null;
        int next = 0;
        var axes = new int[from.Rank];
        for (int axis = 0; axis < axes.Length; axis++)
        {
            axes[axis] = -1;
            if (from[axis] == 1)
                continue;
            while (to[next] == 1)
                next++;
            axes[axis] = next++;
        }
        return axes;
    }

    /// <summary>A constant that broadcasts to one shape, for broadcasting to the reshaped one; null where that is not possible.</summary>
    private static Tensor? Reshaped(ModelGraph graph, Tensor constant, Shape from, Shape to)
    {
        int count = constant.Shape.ElementCount;
        if (count == 1)
            return WithShape(graph, constant, new Shape());
        if (count == constant.Shape[-1] && from[-1] == to[-1])
            return WithShape(graph, constant, new Shape(count));
        if (Axes(from, to) is not { } axes)
            return null;
        int[] dimensions = [.. Enumerable.Repeat(1, to.Rank)];
        int missing = from.Rank - constant.Shape.Rank;
        for (int axis = missing; axis < from.Rank; axis++)
        {
            if (axes[axis] >= 0)
                dimensions[axes[axis]] = constant.Shape[axis - missing];
        }
        return WithShape(graph, constant, new Shape(dimensions));
    }

    private static Tensor WithShape(ModelGraph graph, Tensor constant, Shape shape) =>
        constant.Shape.Equals(shape) ? constant : graph.NewConstant(constant, "_reshaped", shape, constant.Data!);

    private static void AppendReshape(ModelGraph graph, Node node, Shape shape)
    {
        Tensor output = node.Output;
        Tensor inner = graph.NewLike(output, "_unshaped", shape);
        node.Outputs[0] = inner;
        graph.InsertAfter(node, new Node(output.Name, new Reshape(), [inner], output));
    }
}
