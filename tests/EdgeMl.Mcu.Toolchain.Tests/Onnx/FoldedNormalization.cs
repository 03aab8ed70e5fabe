using EdgeMl.Mcu.Toolchain.Import.Onnx;
using EdgeMl.Mcu.Toolchain.Import.Onnx.Proto;
using Google.Protobuf;
using DataType = EdgeMl.Mcu.Toolchain.Import.Onnx.Proto.TensorProto.Types.DataType;

namespace EdgeMl.Mcu.Toolchain.Tests.Onnx;

/// <summary>Folds the batch normalisations of a model into the convolutions before them, as is usual before a model is quantised.</summary>
internal static class FoldedNormalization
{
    /// <summary>The model without BatchNormalization; its convolutions have no bias.</summary>
    public static byte[] Apply(byte[] bytes)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(bytes);
        GraphProto graph = model.Graph;
        foreach (NodeProto normalization in graph.Node.Where(node => node.OpType == "BatchNormalization").ToArray())
        {
            NodeProto convolution = graph.Node.Single(node => node.Output[0] == normalization.Input[0]);
            float[] Read(string name) => OnnxTensors.Read(graph.Initializer.Single(tensor => tensor.Name == name), name).Reals();
            float[] scale = Read(normalization.Input[1]), offset = Read(normalization.Input[2]);
            float[] mean = Read(normalization.Input[3]), variance = Read(normalization.Input[4]);
            TensorProto weights = graph.Initializer.Single(tensor => tensor.Name == convolution.Input[1]);
            float[] values = Read(weights.Name);
            var bias = new TensorProto { Name = $"{weights.Name}_bias", DataType = DataType.Float };
            bias.Dims.Add(scale.Length);
            for (int channel = 0; channel < scale.Length; channel++)
            {
                float factor = scale[channel] / MathF.Sqrt(variance[channel] + 1e-5f);
                int taps = values.Length / scale.Length;
                for (int i = 0; i < taps; i++)
                    values[(channel * taps) + i] *= factor;
                bias.FloatData.Add(offset[channel] - (mean[channel] * factor));
            }
            weights.RawData = ByteString.Empty;
            weights.FloatData.Add(values);
            graph.Initializer.Add(bias);
            convolution.Input.Add(bias.Name);
            convolution.Output[0] = normalization.Output[0];
            graph.Node.Remove(normalization);
        }
        return model.ToByteArray();
    }
}
