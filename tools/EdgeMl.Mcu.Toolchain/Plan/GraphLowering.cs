using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan.Trees;

namespace EdgeMl.Mcu.Toolchain.Plan;

/// <summary>Turns an integer graph into the steps that the device runs.</summary>
public static class GraphLowering
{
    /// <summary>Lowers a graph.</summary>
    /// <param name="graph">An integer graph.</param>
    /// <param name="pageBytes">Most bytes of weights of one layer: fully connected layers of one row are cut to it; other layers stay whole.</param>
    /// <exception cref="ToolchainException">
    /// <see cref="ErrorCodes.FloatModel"/>: the graph is not quantised. <see cref="ErrorCodes.NotRunnable"/>: the runtime has no kernel for some nodes; all are named.
    /// </exception>
    public static DeviceProgram Lower(ModelGraph graph, int pageBytes = int.MaxValue)
    {
        if (!TreePorts.HasTrees(graph) && !graph.Tensors().Any(tensor => tensor.Type != ElementType.Float32 && !tensor.IsConstant))
            throw new ToolchainException(ErrorCodes.FloatModel, $"{graph.Name} is a float model; the device runs integer models.", "Quantise it first: edgeml quantize MODEL -o OUT.emlm --calibration DATA.npy");
        var builder = new ProgramBuilder { PageBytes = pageBytes };
        var problems = new List<string>();
        HashSet<Node> edges = [];
        List<DevicePort> inputs = LowerPorts(graph.Inputs, problems, port => EdgePorts.Input(graph, port, builder, edges));
        List<(GraphPort Port, Tensor Tensor, Quantization Quantization, TensorEdge Edge)> outputs = [];
        foreach (GraphPort port in graph.Outputs)
            Collect(problems, $"output '{port.Name}'", () => outputs.Add(EdgePorts.Output(graph, port, edges)));
        foreach (Node node in graph.Nodes.Where(node => !edges.Contains(node)))
            Collect(problems, node.ToString(), () => NodeLowering.Lower(node, builder));
        List<DevicePort> devicePorts = [];
        foreach ((GraphPort port, Tensor tensor, Quantization quantization, TensorEdge edge) in outputs)
            Collect(problems, $"output '{port.Name}'", () => devicePorts.Add(new DevicePort(port, builder.Read(tensor), tensor.OnDevice(), quantization, edge) { Labels = TreePorts.Labels(graph, tensor) }));
        if (problems.Count > 0)
            throw new ToolchainException(ErrorCodes.NotRunnable, $"{graph.Name}: the device runtime cannot run {problems.Count} part{(problems.Count == 1 ? "" : "s")} of the model: {string.Join("; ", problems)}.", "Replace these layers in the model, or compute them on the device before or after it.");
        return builder.Build(graph.Name, inputs, devicePorts);
    }

    private static List<DevicePort> LowerPorts(List<GraphPort> ports, List<string> problems, Func<GraphPort, DevicePort> lower)
    {
        List<DevicePort> lowered = [];
        foreach (GraphPort port in ports)
            Collect(problems, $"input '{port.Name}'", () => lowered.Add(lower(port)));
        return lowered;
    }

    private static void Collect(List<string> problems, string what, Action action)
    {
        try
        {
            action();
        }
        catch (LoweringException exception)
        {
            problems.Add($"{what} ({exception.Message})");
        }
    }
}
