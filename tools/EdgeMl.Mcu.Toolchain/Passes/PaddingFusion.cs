using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>Fuses padding of height and width with the real value 0 into the convolution after it. The same bits in a quantised graph.</summary>
public static class PaddingFusion
{
    /// <summary>Runs the pass; true where it changed something.</summary>
    public static bool Apply(ModelGraph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (node.Operator is not Pad { Value: 0 } pad || node.Input.Shape.Rank != 4 || !GraphEdits.SameValues(node.Input, node.Output)
                || (pad.Before[0] | pad.After[0] | pad.Before[3] | pad.After[3]) != 0
                || graph.OnlyConsumer(node.Output) is not { } consumer || consumer.Input != node.Output)
            {
                continue;
            }
            Operator? padded = consumer.Operator switch
            {
                Conv2D conv => conv with { Window = Widen(conv.Window, pad) },
                DepthwiseConv2D depthwise => depthwise with { Window = Widen(depthwise.Window, pad) },
                _ => null,
            };
            if (padded is null)
                continue;
            consumer.Operator = padded;
            consumer.Inputs[0] = node.Input;
            graph.Nodes.Remove(node);
            changed = true;
        }
        return changed;
    }

    private static Window Widen(Window window, Pad pad) => window with
    {
        PadTop = window.PadTop + pad.Before[1],
        PadLeft = window.PadLeft + pad.Before[2],
        PadBottom = window.PadBottom + pad.After[1],
        PadRight = window.PadRight + pad.After[2],
    };
}
