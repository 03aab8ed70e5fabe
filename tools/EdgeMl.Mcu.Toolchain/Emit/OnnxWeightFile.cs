using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx;
using EdgeMl.Mcu.Toolchain.Import.Onnx.Proto;
using EdgeMl.Mcu.Toolchain.Pruning;
using Google.Protobuf;
using DataType = EdgeMl.Mcu.Toolchain.Import.Onnx.Proto.TensorProto.Types.DataType;

namespace EdgeMl.Mcu.Toolchain.Emit;

/// <summary>An .onnx file whose weights can be replaced; everything else of it, fields that the importer does not know included, stays as it is.</summary>
public sealed class OnnxWeightFile
{
    // Every element is marked with a number of its own, which float32 holds exactly up to here.
    private const int MarksMax = 1 << 24;

    private static readonly HashSet<string> LinearOperators = ["Conv", "ConvTranspose", "Gemm", "MatMul"];

    // Operators that only move elements of their first input.
    private static readonly HashSet<string> MovingOperators = ["Identity", "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast"];

    private readonly ModelProto _model;
    private readonly float[][] _values;
    private readonly int[] _firstMarks;
    private readonly Dictionary<string, (int[] Weights, int[]? Bias)> _marks = [];

    private OnnxWeightFile(ModelProto model, ModelGraph graph)
    {
        _model = model;
        Graph = graph;
        _values = [.. WeightTensors(model.Graph).Select(tensor => OnnxTensors.Read(tensor, tensor.Name).Reals())];
        // No mark is 0, which other constants often are.
        _firstMarks = [1, .. _values.Select(_ => 0)];
        for (int i = 0; i < _values.Length; i++)
            _firstMarks[i + 1] = checked(_firstMarks[i] + _values[i].Length);
        ReadMarks();
    }

    /// <summary>
    /// The imported graph in NHWC; nothing is folded into its weights. Only weights and biases of its nodes may be replaced, in a copy.
    /// </summary>
    public ModelGraph Graph { get; }

    /// <summary>Names of the nodes whose weights and biases are plain elements of the file that nothing else uses.</summary>
    public IReadOnlyCollection<string> Replaceable => _marks.Keys;

    /// <summary>Opens a file.</summary>
    /// <param name="bytes">Content of the .onnx file.</param>
    /// <param name="name">Name of the model for reports.</param>
    /// <exception cref="ToolchainException">An <c>onnx.*</c> or <c>import.*</c> code.</exception>
    public static OnnxWeightFile Open(byte[] bytes, string name) => new(OnnxReader.Read(bytes, keepsUnknown: true), OnnxImporter.Import(bytes, name));

    /// <summary>The file with the weights and biases of a graph.</summary>
    /// <param name="graph">A copy of <see cref="Graph"/> with other constants in nodes that are <see cref="Replaceable"/>.</param>
    public byte[] Write(ModelGraph graph) => Edit(graph).ToByteArray();

    /// <summary>The file with the weights and biases of a graph, without channels that are 0 in it.</summary>
    /// <param name="graph">A copy of <see cref="Graph"/> with other constants in nodes that are <see cref="Replaceable"/>.</param>
    /// <param name="channels">What is left of nodes that lose channels, all of them <see cref="Replaceable"/>.</param>
    /// <exception cref="ToolchainException"><see cref="ErrorCodes.SparsityOutOfReach"/>: what goes is no slice of the file's tensors.</exception>
    public byte[] Write(ModelGraph graph, IReadOnlyList<LayerChannels> channels)
    {
        ModelProto model = Edit(graph);
        bool[][] isKept = [.. _values.Select(elements => Enumerable.Repeat(true, elements.Length).ToArray())];
        foreach (LayerChannels layer in channels)
        {
            LinearNode node = LinearNode.Of(graph.Nodes.Single(node => node.Name == layer.Node))!;
            (int[] weights, int[]? bias) = _marks[layer.Node];
            for (int output = 0; output < node.Outputs; output++)
            {
                for (int tap = 0; tap < node.Taps; tap++)
                    Keep(isKept, weights[node.WeightIndex(output, tap)], layer.KeptOutputs[output] && layer.KeptTaps[tap]);
                if (bias is not null)
                    Keep(isKept, bias[output], layer.KeptOutputs[output]);
            }
        }
        List<TensorProto> tensors = WeightTensors(model.Graph);
        for (int i = 0; i < tensors.Count; i++)
        {
            if (isKept[i].Contains(false))
                OnnxSlicing.Slice(tensors[i], isKept[i]);
        }
        OnnxSlicing.Adapt(model.Graph, name => channels.FirstOrDefault(layer => layer.Node == name) is { } layer
            ? (layer.KeptOutputs.Count(kept => kept), layer.KeptOutputs.Length)
            : null);
        return model.ToByteArray();
    }

    private void Keep(bool[][] isKept, int mark, bool value)
    {
        (int tensor, int index) = Place(mark);
        isKept[tensor][index] = value;
    }

    private ModelProto Edit(ModelGraph graph)
    {
        ModelProto edited = _model.Clone();
        List<TensorProto> tensors = WeightTensors(edited.Graph);
        float[][] values = [.. _values.Select(elements => (float[])elements.Clone())];
        foreach (Node node in graph.Nodes.Where(node => _marks.ContainsKey(node.Name)))
        {
            (int[] weights, int[]? bias) = _marks[node.Name];
            Put(values, weights, node.Inputs[1]!.Reals());
            if (bias is not null)
                Put(values, bias, node.Inputs[2]!.Reals());
        }
        for (int i = 0; i < tensors.Count; i++)
            OnnxTensors.Store(tensors[i], values[i]);
        return edited;
    }

    /// <summary>Finds out where each element of a weight tensor ends up, by importing the file with the elements' numbers in their place.</summary>
    private void ReadMarks()
    {
        if (_firstMarks[^1] >= MarksMax)
            return;
        ModelProto marked = _model.Clone();
        List<TensorProto> tensors = WeightTensors(marked.Graph);
        for (int i = 0; i < tensors.Count; i++)
        {
            int first = _firstMarks[i];
            tensors[i].DataType = DataType.Float;
            OnnxTensors.Store(tensors[i], [.. Enumerable.Range(first, _firstMarks[i + 1] - first).Select(mark => (float)mark)]);
        }
        ModelGraph graph = OnnxImporter.Import(marked, Graph.Name);
        (string Name, int[]? Weights, int[]? Bias, bool HasBias)[] found = [.. Graph.Nodes.Zip(graph.Nodes).Where(pair => LinearNode.Of(pair.First) is not null)
            .Select(pair => (pair.First.Name, Marks(pair.First.Inputs[1], pair.Second.Inputs[1]), Marks(pair.First.InputOrNull(2), pair.Second.InputOrNull(2)), pair.First.InputOrNull(2) is not null))];
        var uses = found.SelectMany(node => (node.Weights ?? []).Concat(node.Bias ?? [])).GroupBy(mark => mark).ToDictionary(group => group.Key, group => group.Count());
        foreach ((string name, int[]? weights, int[]? bias, bool hasBias) in found)
        {
            bool isOwn = weights is not null && (bias is not null || !hasBias) && weights.Concat(bias ?? []).All(mark => uses[mark] == 1);
            if (isOwn && found.Count(other => other.Name == name) == 1)
                _marks.Add(name, (weights!, bias));
        }
    }

    /// <summary>The numbers that stand in a constant of the marked graph; null where something computed others from them.</summary>
    private int[]? Marks(Tensor? original, Tensor? marked)
    {
        if (original is not { Data: float[] values } || marked is not { Data: float[] marks })
            return null;
        for (int i = 0; i < marks.Length; i++)
        {
            if (!(marks[i] >= 1 && marks[i] < _firstMarks[^1]) || marks[i] != (int)marks[i] || Element((int)marks[i]) != values[i])
                return null;
        }
        return Array.ConvertAll(marks, mark => (int)mark);
    }

    private (int Tensor, int Index) Place(int mark)
    {
        int tensor = Array.BinarySearch(_firstMarks, mark);
        tensor = tensor >= 0 ? tensor : ~tensor - 1;
        return (tensor, mark - _firstMarks[tensor]);
    }

    private float Element(int mark)
    {
        (int tensor, int index) = Place(mark);
        return _values[tensor][index];
    }

    private void Put(float[][] values, int[] marks, float[] elements)
    {
        for (int i = 0; i < marks.Length; i++)
        {
            (int tensor, int index) = Place(marks[i]);
            values[tensor][index] = elements[i];
        }
    }

    /// <summary>The constants that weights and biases of linear operators come from, directly or through operators that only move elements.</summary>
    private static List<TensorProto> WeightTensors(GraphProto graph)
    {
        var initializers = graph.Initializer.GroupBy(tensor => tensor.Name).ToDictionary(group => group.Key, group => group.First());
        var producers = graph.Node.SelectMany(node => node.Output.Select(output => (output, node))).GroupBy(pair => pair.output).ToDictionary(group => group.Key, group => group.First().node);
        var found = new List<TensorProto>();
        foreach (string input in graph.Node.Where(node => LinearOperators.Contains(node.OpType)).SelectMany(node => node.Input.Skip(1)))
        {
            string name = input;
            while (producers.TryGetValue(name, out NodeProto? producer) && MovingOperators.Contains(producer.OpType) && producer.Input.Count > 0)
                name = producer.Input[0];
            TensorProto? tensor = initializers.GetValueOrDefault(name) ?? (producers.GetValueOrDefault(name) is { OpType: "Constant" } constant
                ? constant.Attribute.FirstOrDefault(attribute => attribute.Name == "value")?.T
                : null);
            if (tensor?.DataType is DataType.Float or DataType.Double or DataType.Float16 && !found.Exists(other => ReferenceEquals(other, tensor)))
                found.Add(tensor);
        }
        return found;
    }
}
