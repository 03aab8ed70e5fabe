using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>Makes an average pool whose padding counts as zeros, which the device does not have, a Pad and a pool without padding.</summary>
public static class CountedPaddingExpansion
{
    /// <summary>Runs the pass; true where it changed something.</summary>
    public static bool Apply(ModelGraph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (node.Operator is not AveragePool2D { CountIncludesPadding: true } pool)
                continue;
            if (pool.Window.HasPadding)
                node.Inputs[0] = Padded(graph, node, pool.Window);
            Window window = pool.Window with { PadTop = 0, PadLeft = 0, PadBottom = 0, PadRight = 0 };
            node.Operator = pool with { Window = window, CountIncludesPadding = false };
            changed = true;
        }
        return changed;
    }

    private static Tensor Padded(ModelGraph graph, Node node, Window window)
    {
        Shape x = node.Input.Shape;
        var shape = new Shape(x[0], x[1] + window.PadTop + window.PadBottom, x[2] + window.PadLeft + window.PadRight, x[3]);
        Tensor padded = graph.NewLike(node.Input, "_padded", shape);
        var pad = new Pad([0, window.PadTop, window.PadLeft, 0], [0, window.PadBottom, window.PadRight, 0]);
        graph.InsertBefore(node, new Node(node.Name + "/pad", pad, [node.Input], padded));
        return padded;
    }
}
