using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Plan.Trees;

/// <summary>Inputs and outputs of graphs with decision trees, which are float32 on the device as they are in the model, or codes that compare alike.</summary>
internal static class TreePorts
{
    /// <summary>Whether a graph has decision trees.</summary>
    public static bool HasTrees(ModelGraph graph) => graph.Nodes.Exists(node => node.Operator is TreeEnsemble);

    /// <summary>The device's port of a float32 input that only trees and moves read; null for any other.</summary>
    public static DevicePort? Input(ModelGraph graph, GraphPort port, ProgramBuilder builder)
    {
        Node[] consumers = [.. graph.Consumers(port.Tensor)];
        if (consumers.Length == 0 || !Array.TrueForAll(consumers, node => node.Operator is TreeEnsemble || Moves(node.Operator)))
            return null;
        TreeGrid?[] grids = [.. consumers.Select(node => node.Operator is TreeEnsemble trees ? TreeGrid.Of(trees) : null).Distinct()];
        return grids is [{ } grid]
            ? new DevicePort(port, builder.InputCodes(port.Tensor), TensorType.Int8, new Quantization(grid.Scale, grid.ZeroPoint), TensorEdge.FloatCeiling)
            : new DevicePort(port, builder.Input(port.Tensor), TensorType.Float32, new Quantization(1, 0), TensorEdge.None);
    }

    /// <summary>The tensor in the arena behind a float32 output that comes from trees, and what follows it; null where it comes from something else.</summary>
    public static (Tensor Tensor, TensorEdge Edge, Node? Function)? Output(ModelGraph graph, GraphPort port)
    {
        Node? last = graph.Producer(port.Tensor);
        TensorEdge edge = last?.Operator switch
        {
            _ when port.IsPermuted => TensorEdge.None,
            Softmax { Beta: 1 } => TensorEdge.FloatSoftmax,
            LogSoftmax => TensorEdge.FloatLogSoftmax,
            Unary { Kind: UnaryKind.Logistic } => TensorEdge.FloatLogistic,
            _ => TensorEdge.None,
        };
        Tensor tensor = edge == TensorEdge.None ? port.Tensor : last!.Input;
        Node? producer = graph.Producer(tensor);
        return producer is not null && (producer.Operator is TreeEnsemble || Moves(producer.Operator)) ? (tensor, edge, edge == TensorEdge.None ? null : last) : null;
    }

    /// <summary>Class labels for an output of scores, where they are other than the indices; none for any other output.</summary>
    public static IReadOnlyList<string> Labels(ModelGraph graph, Tensor tensor)
    {
        Node? producer = graph.Producer(tensor);
        while (producer?.Operator is Reshape)
            producer = graph.Producer(producer.Input);
        if (producer?.Operator is not TreeEnsemble trees || tensor.Type != ElementType.Float32 || trees.LabelNames.Length > byte.MaxValue)
            return [];
        bool isIndex = trees.LabelNames.Select((name, i) => name == $"{i}").All(same => same);
        return isIndex ? [] : trees.LabelNames;
    }

    /// <summary>Whether an operator moves elements of any type.</summary>
    public static bool Moves(Operator op) => op is Reshape or Concatenation or StridedSlice or Gather or Transpose;
}
