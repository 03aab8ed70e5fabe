using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Passes;

namespace EdgeMl.Mcu.Toolchain.Inspect;

/// <summary>Finds out what a model is made of.</summary>
public static class ModelInspector
{
    /// <summary>Inspects a model. An integer model of a training framework is compiled for its arena.</summary>
    public static InspectionReport Inspect(ModelFile file)
    {
        if (file.Device is not null)
            return Report(file, file.Device, file.Content, DeviceLayers.Report(file.Device, file.Content), isOptimal: false);
        if (!file.IsConvertible)
            return Report(file, Layers(file.Graph!, file.Graph!), null);
        ModelGraph optimized = file.Graph!.Copy();
        if (file.IsOptimized)
            PassPipeline.Run(optimized, PassPipeline.Int8);
        List<LayerReport> layers = Layers(file.Graph, optimized);
        try
        {
            CompiledModel compiled = EmlmCompiler.Compile(optimized, new EmitOptions { Optimize = false });
            return Report(file, DeviceModelFile.Parse(compiled.Bytes, file.Name), compiled.Bytes, layers, compiled.Arena.IsOptimal);
        }
        catch (ToolchainException e) when (e.Code is ErrorCodes.NotRunnable or ErrorCodes.UnsupportedOperator)
        {
            return Report(file, layers, e.Message);
        }
    }

    /// <summary>The layers of a device model in execution order.</summary>
    /// <param name="device">The model.</param>
    /// <param name="file">The bytes that it was loaded from.</param>
    public static IReadOnlyList<LayerReport> LayersOf(Model device, byte[] file) => DeviceLayers.Report(device, file);

    private static InspectionReport Report(ModelFile file, Model device, byte[] deviceFile, List<LayerReport> layers, bool isOptimal)
    {
        int lowerBound = DeviceArena.LowerBoundBytes(device, deviceFile);
        var runner = new DeviceModelRunner(device, file.Name);
        InspectionReport report = Report(file, layers, null);
        return report with
        {
            Inputs = [.. runner.Inputs.Select((port, i) => Port(port, device.Input(i)))],
            Outputs = [.. runner.Outputs.Select((port, i) => Port(port, device.Output(i)))],
            ArenaBytes = device.ArenaBytes,
            ArenaLowerBoundBytes = lowerBound,
            ScratchBytes = device.ScratchBytes,
            ArenaIsOptimal = isOptimal || lowerBound == device.ArenaBytes,
            Arena = ArenaMap.Of(device, deviceFile),
        };
    }

    private static InspectionReport Report(ModelFile file, List<LayerReport> layers, string? deviceError)
    {
        IReadOnlyList<GraphPort> inputs = file.Graph?.Inputs ?? [];
        IReadOnlyList<GraphPort> outputs = file.Graph?.Outputs ?? [];
        return new InspectionReport(
            file.Name, file.Format, [.. inputs.Select(Port)], [.. outputs.Select(Port)], layers,
            layers.Sum(layer => layer.Macs), layers.Sum(layer => layer.MacsLive), layers.Sum(layer => layer.Weights), layers.Sum(layer => layer.WeightsLive),
            file.Content.Length, null, null, null, null, null, deviceError);
    }

    /// <summary>The layers of a model; what remains of each is the layer of the optimised graph that computes the tensor of the same name.</summary>
    private static List<LayerReport> Layers(ModelGraph source, ModelGraph optimized)
    {
        Dictionary<string, LayerCost> live = optimized.Nodes.ToDictionary(node => node.Output.Name, LayerCost.Of);
        return [.. source.Nodes.Select(node =>
        {
            LayerCost cost = LayerCost.Of(node);
            LayerCost remaining = live.GetValueOrDefault(node.Output.Name, LayerCost.None);
            return new LayerReport(
                node.Name, node.Operator.Name, node.Output.Shape.ToArray(), node.Output.Type.JsonName(), node.Output.ByteCount,
                cost.Macs, remaining.Macs, cost.Weights, remaining.Weights);
        })];
    }

    private static PortReport Port(GraphPort port) => new(
        port.Name, port.Tensor.Type.JsonName(), port.SourceShape.ToArray(), port.Tensor.Shape.ToArray(), port.Permutation,
        port.Tensor.Quantization?.Scale, port.Tensor.Quantization?.ZeroPoint, null);

    private static PortReport Port(GraphPort port, TensorInfo info) => Port(port) with
    {
        Scale = info.Scale,
        ZeroPoint = info.ZeroPoint,
        Labels = info.LabelCount == 0 ? null : [.. Enumerable.Range(0, info.LabelCount).Select(info.Label)],
    };
}
