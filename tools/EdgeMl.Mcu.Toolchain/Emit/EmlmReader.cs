using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Inspect;
using EdgeMl.Mcu.Toolchain.Plan;
using EdgeMl.Mcu.Toolchain.Plan.Variants;
using H = EdgeMl.Mcu.Runtime.Format.ModelFormat.Header;
using L = EdgeMl.Mcu.Runtime.Format.ModelFormat.LayerRecord;
using PlannedLayer = EdgeMl.Mcu.Toolchain.Plan.DeviceLayer;

namespace EdgeMl.Mcu.Toolchain.Emit;

/// <summary>Reads a device model back into the program that it was written from. Parameters hold arena offsets instead of references to buffers.</summary>
internal static class EmlmReader
{
    /// <summary>The program of a file; its layers have no references, only its ports have buffers, and those are placed.</summary>
    /// <param name="model">The model, which has been validated.</param>
    /// <param name="file">The bytes that it was loaded from.</param>
    public static DeviceProgram Read(Model model, byte[] file)
    {
        IReadOnlyList<LayerReport> reports = ModelInspector.LayersOf(model, file);
        var layers = new List<PlannedLayer>();
        int record = BitConverter.ToInt32(file, H.LayersOffset);
        int weights = BitConverter.ToInt32(file, H.WeightsOffset);
        foreach (LayerReport report in reports)
        {
            int count = BitConverter.ToUInt16(file, record + L.ParameterCountOffset);
            var parameters = new int[count];
            Buffer.BlockCopy(file, record + L.Size, parameters, 0, 4 * count);
            int start = weights + BitConverter.ToInt32(file, record + L.WeightsOffset);
            var layer = new PlannedLayer
            {
                Name = report.Name,
                Operator = report.Operator,
                Kernel = (OpCode)BitConverter.ToUInt16(file, record + L.OpCodeOffset),
                Parameters = parameters,
                Reads = [],
                Writes = [],
                Weights = file[start..(start + BitConverter.ToInt32(file, record + L.WeightsLengthOffset))],
                OutputShape = new Shape(report.OutputShape),
                Macs = report.Macs,
                WeightCount = (int)report.Weights,
            };
            layers.Add(layer with { PredictedIl = ScalarCost.Of(layer) });
            record += L.Size + (4 * count);
        }
        DevicePort[] inputs = [.. Enumerable.Range(0, model.InputCount).Select(i => Port(model.Input(i)))];
        DevicePort[] outputs = [.. Enumerable.Range(0, model.OutputCount).Select(i => Port(model.Output(i)))];
        return new DeviceProgram(model.Name, inputs, outputs, layers, [.. inputs.Concat(outputs).Select(port => port.Buffer)]);
    }

    /// <summary>The least scratch with which a placed program's layers load, at most that of the file that they come from.</summary>
    /// <param name="program">Layers of the runtime's kernels.</param>
    /// <param name="arena">Their arena.</param>
    /// <param name="lanes">64-bit words that are enough.</param>
    /// <param name="stripBytes">Bytes after the arena's activations that are enough.</param>
    public static (int Lanes, int StripBytes) LeastScratch(DeviceProgram program, ArenaPlan arena, int lanes, int stripBytes)
    {
        int strip = Least(stripBytes, value => Loads(lanes, value));
        return (Least(lanes, value => Loads(value, strip)), strip);

        bool Loads(int tried, int triedStrip)
        {
            PlannedLayer[] layers = [.. program.Layers.Select(layer => layer with { Lanes = tried, StripBytes = triedStrip })];
            return Model.TryLoad(EmlmWriter.Write(program with { Layers = layers }, arena), out _) == Error.None;
        }
    }

    private static int Least(int enough, Func<int, bool> isEnough)
    {
        int low = 0;
        while (low < enough)
        {
            int middle = low + ((enough - low) / 2);
            if (isEnough(middle))
                enough = middle;
            else
                low = middle + 1;
        }
        return enough;
    }

    private static DevicePort Port(TensorInfo info)
    {
        var shape = new Shape([.. Enumerable.Range(0, info.Rank).Select(info.Dimension)]);
        var source = new Shape([.. Enumerable.Range(0, info.SourceRank).Select(info.SourceDimension)]);
        var quantization = new Quantization(info.Scale, info.ZeroPoint);
        var tensor = new Tensor(info.Name, info.ElementType.InGraph(), shape, quantization);
        return new DevicePort(
            new GraphPort(tensor, source, [.. Enumerable.Range(0, info.SourceRank).Select(info.SourceAxis)]),
            new ArenaBuffer(info.Name, info.ByteCount) { Offset = info.ArenaOffset }, info.ElementType, quantization, info.Edge)
        {
            Labels = [.. Enumerable.Range(0, info.LabelCount).Select(info.Label)],
        };
    }
}
