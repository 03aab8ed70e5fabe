using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Runtime.Typed;
using H = EdgeMl.Mcu.Runtime.Format.ModelFormat.Header;
using L = EdgeMl.Mcu.Runtime.Format.ModelFormat.LayerRecord;
using W = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Toolchain.Inspect;

/// <summary>A layer of a device model as it stands in the file.</summary>
/// <param name="Op">The kernel.</param>
/// <param name="Parameter">The kernel's parameter at an index.</param>
/// <param name="WeightsOffset">File offset of the weights.</param>
internal sealed record DeviceLayer(OpCode Op, Func<int, int> Parameter, int WeightsOffset);

/// <summary>Reads the layers of a device model that has been validated.</summary>
internal static class DeviceLayers
{
    /// <summary>The layers in execution order.</summary>
    /// <param name="file">The whole file.</param>
    public static List<DeviceLayer> Read(byte[] file)
    {
        int count = BitConverter.ToUInt16(file, H.LayerCountOffset);
        var layers = new List<DeviceLayer>(count);
        int record = Int(file, H.LayersOffset);
        for (int i = 0; i < count; i++)
        {
            int parameters = record + L.Size;
            layers.Add(new DeviceLayer(
                (OpCode)BitConverter.ToUInt16(file, record + L.OpCodeOffset),
                index => Int(file, parameters + (index << 2)),
                Int(file, H.WeightsOffset) + Int(file, record + L.WeightsOffset)));
            record = parameters + (BitConverter.ToUInt16(file, record + L.ParameterCountOffset) << 2);
        }
        return layers;
    }

    /// <summary>The layers for a report.</summary>
    public static List<LayerReport> Report(Model model, byte[] file) => [.. Read(file).Select((layer, i) =>
    {
        string name = model.LayerName(i);
        LayerCost cost = Cost(layer);
        int[] shape = ArenaAccess.OutputShape(layer.Op, layer.Parameter);
        Graph.ElementType type = Plan.DeviceTypes.InGraph(TypedArenaAccess.OutputType(layer.Op, layer.Parameter));
        return new LayerReport(
            name.Length > 0 ? name : $"layer_{i}", layer.Op.ToString(), shape, Graph.ElementTypes.JsonName(type), shape.Aggregate((long)Graph.ElementTypes.Size(type), (product, d) => product * d),
            cost.Macs, cost.Macs, cost.Weights, cost.Weights);
    })];

    private static LayerCost Cost(DeviceLayer layer)
    {
        Func<int, int> parameter = layer.Parameter;
        return KernelFamily.Of(layer.Op) switch
        {
            OpCode.FullyConnected => LayerCost.Of((long)parameter(FullyConnected.InputDepth) * parameter(FullyConnected.OutputDepth), parameter(FullyConnected.Batches)),
            OpCode.Conv2D => LayerCost.Of(Taps(parameter) * (parameter(W.InputChannels) / parameter(Conv2D.Groups)) * parameter(W.OutputChannels), OutputPositions(parameter)),
            OpCode.Conv2DInt16 => LayerCost.Of(Taps(parameter) * (parameter(W.InputChannels) / parameter(Conv2DInt16.Groups)) * parameter(W.OutputChannels), OutputPositions(parameter)),
            OpCode.DepthwiseConv2D => LayerCost.Of(Taps(parameter) * parameter(W.OutputChannels), OutputPositions(parameter)),
            OpCode.TransposeConv2D or OpCode.TransposeConv2DInt16 =>
                LayerCost.Of(Taps(parameter) * parameter(W.InputChannels) * parameter(W.OutputChannels), (long)parameter(W.Batches) * parameter(W.InputHeight) * parameter(W.InputWidth)),
            OpCode.Svdf => LayerCost.Of((long)parameter(Svdf.Filters) * (parameter(Svdf.InputDepth) + parameter(Svdf.Memory)), parameter(Svdf.Batches)),
            OpCode.Lstm => LayerCost.Of((long)Lstm.Gates * parameter(Lstm.Units) * (parameter(Lstm.InputDepth) + parameter(Lstm.Units)), (long)parameter(Lstm.Batches) * parameter(Lstm.Steps)),
            _ => LayerCost.None,
        };
    }

    private static long Taps(Func<int, int> parameter) => (long)parameter(W.KernelHeight) * parameter(W.KernelWidth);

    private static long OutputPositions(Func<int, int> parameter) => (long)parameter(W.Batches) * parameter(W.OutputHeight) * parameter(W.OutputWidth);

    private static int Int(byte[] file, int offset) => BitConverter.ToInt32(file, offset);
}
