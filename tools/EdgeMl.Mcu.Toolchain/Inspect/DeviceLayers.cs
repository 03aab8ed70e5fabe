using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
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
        return new LayerReport(
            name.Length > 0 ? name : $"layer_{i}", layer.Op.ToString(), shape, "int8", shape.Aggregate(1L, (product, d) => product * d),
            cost.Macs, cost.Macs, cost.Weights, cost.Weights);
    })];

    private static LayerCost Cost(DeviceLayer layer)
    {
        Func<int, int> parameter = layer.Parameter;
        if (layer.Op is not (OpCode.FullyConnected or OpCode.Conv2D or OpCode.DepthwiseConv2D or OpCode.TransposeConv2D))
            return LayerCost.None;
        long positions = layer.Op switch
        {
            OpCode.FullyConnected => parameter(FullyConnected.Batches),
            OpCode.TransposeConv2D => (long)parameter(W.Batches) * parameter(W.InputHeight) * parameter(W.InputWidth),
            _ => (long)parameter(W.Batches) * parameter(W.OutputHeight) * parameter(W.OutputWidth),
        };
        int weights = layer.Op switch
        {
            OpCode.FullyConnected => parameter(FullyConnected.InputDepth) * parameter(FullyConnected.OutputDepth),
            OpCode.Conv2D => parameter(W.KernelHeight) * parameter(W.KernelWidth) * (parameter(W.InputChannels) / parameter(Conv2D.Groups)) * parameter(W.OutputChannels),
            OpCode.TransposeConv2D => parameter(W.KernelHeight) * parameter(W.KernelWidth) * parameter(W.InputChannels) * parameter(W.OutputChannels),
            _ => parameter(W.KernelHeight) * parameter(W.KernelWidth) * parameter(W.OutputChannels),
        };
        return LayerCost.Of(weights, positions);
    }

    private static int Int(byte[] file, int offset) => BitConverter.ToInt32(file, offset);
}
