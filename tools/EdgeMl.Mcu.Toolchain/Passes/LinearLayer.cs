using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>The weights of a float Conv2D, DepthwiseConv2D or FullyConnected, as a matrix of output and input channels.</summary>
internal sealed class LinearLayer
{
    private readonly Node _node;
    private readonly Tensor _weights;
    private readonly Func<int, (int Output, int Input)> _channels;

    private LinearLayer(Node node, Tensor weights, int outputs, int inputs, Func<int, (int Output, int Input)> channels)
    {
        _node = node;
        _weights = weights;
        _channels = channels;
        Outputs = outputs;
        Inputs = inputs;
    }

    /// <summary>Output channels.</summary>
    public int Outputs { get; }

    /// <summary>Channels of the input: for a fully connected layer the elements that one output reads.</summary>
    public int Inputs { get; }

    /// <summary>The clamp that is fused into the layer.</summary>
    public Activation Activation => _node.Operator switch
    {
        Conv2D conv => conv.Activation,
        DepthwiseConv2D depthwise => depthwise.Activation,
        _ => ((FullyConnected)_node.Operator).Activation,
    };

    /// <summary>Whether the layer pads its input with zeros.</summary>
    public bool HasPadding => _node.Operator switch
    {
        Conv2D conv => conv.Window.HasPadding,
        DepthwiseConv2D depthwise => depthwise.Window.HasPadding,
        _ => false,
    };

    /// <summary>Reads a layer with constant float weights; null for any other node.</summary>
    public static LinearLayer? Of(Node? node)
    {
        if (node is null || node.Operator is not (Conv2D or DepthwiseConv2D or FullyConnected) || !GraphEdits.IsFloat(node)
            || node.Inputs[1] is not { IsConstant: true } weights || node.InputOrNull(2) is { IsConstant: false })
        {
            return null;
        }
        int first = weights.Shape[0];
        int last = weights.Shape[-1];
        int channels = node.Input.Shape.Rank == 0 ? 1 : node.Input.Shape[-1];
        int perOutput = Math.Max(1, weights.Shape.ElementCount / Math.Max(1, first));
        return node.Operator switch
        {
            Conv2D => new(node, weights, first, channels, i => (i / perOutput, i / perOutput / (first / (channels / last)) * last + i % last)),
            DepthwiseConv2D => new(node, weights, last, channels, i => (i % last, i % last / (last / channels))),
            _ => new(node, weights, first, last, i => (i / last, i % last)),
        };
    }

    /// <summary>Multiplies the outputs and adds to them.</summary>
    public void ScaleOutputs(ModelGraph graph, float[] factor, float[] addend)
    {
        float[] weights = MapWeights((weight, output, _) => weight * factor[output]);
        float[] bias = Bias();
        for (int i = 0; i < bias.Length; i++)
            bias[i] = (float)((double)bias[i] * factor[i] + addend[i]);
        Replace(graph, weights, bias);
    }

    /// <summary>Does to the weights and the bias what multiplying the inputs and adding to them would do; additions are right only without padding.</summary>
    public void ScaleInputs(ModelGraph graph, float[] factor, float[] addend)
    {
        double[] sums = Array.ConvertAll(Bias(), value => (double)value);
        float[] weights = MapWeights((weight, output, input) =>
        {
            sums[output] += (double)weight * addend[input];
            return weight * factor[input];
        });
        Replace(graph, weights, Array.ConvertAll(sums, sum => (float)sum));
    }

    private float[] Bias() => _node.InputOrNull(2) is { } bias ? (float[])bias.Reals().Clone() : new float[Outputs];

    private float[] MapWeights(Func<float, int, int, float> map)
    {
        float[] weights = (float[])_weights.Reals().Clone();
        for (int i = 0; i < weights.Length; i++)
        {
            (int output, int input) = _channels(i);
            weights[i] = map(weights[i], output, input);
        }
        return weights;
    }

    private void Replace(ModelGraph graph, float[] weights, float[] bias)
    {
        _node.Inputs[1] = graph.NewConstant(_weights, "_scaled", _weights.Shape, weights);
        Tensor newBias = _node.InputOrNull(2) is { } old
            ? graph.NewConstant(old, "_scaled", new Shape(Outputs), bias)
            : Tensor.Constant(graph.UniqueName(_node.Output.Name + "_bias"), new Shape(Outputs), bias);
        while (_node.Inputs.Count < 3)
            _node.Inputs.Add(null);
        _node.Inputs[2] = newBias;
    }
}
