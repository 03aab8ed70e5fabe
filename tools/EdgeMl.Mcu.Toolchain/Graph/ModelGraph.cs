namespace EdgeMl.Mcu.Toolchain.Graph;

/// <summary>An input or output of a graph, and how the source model laid it out.</summary>
/// <param name="Tensor">The tensor, in the graph's own layout (NHWC).</param>
/// <param name="SourceShape">The shape in the source model (NCHW for an ONNX image).</param>
/// <param name="Permutation">
/// Source axis of each axis of the device layout: the tensor's data is the source's, transposed by this and then reshaped to the tensor's shape.
/// The identity where both layouts are the same.
/// </param>
public sealed record GraphPort(Tensor Tensor, Shape SourceShape, int[] Permutation)
{
    /// <summary>A port whose source layout is the graph's.</summary>
    public GraphPort(Tensor tensor)
        : this(tensor, tensor.Shape, [.. Enumerable.Range(0, tensor.Shape.Rank)])
    {
    }

    /// <summary>Name in the source model.</summary>
    public string Name => Tensor.Name;

    /// <summary>Whether source and device order differ.</summary>
    public bool IsPermuted
    {
        get
        {
            for (int i = 0; i < Permutation.Length; i++)
            {
                if (Permutation[i] != i)
                    return true;
            }
            return false;
        }
    }
}

/// <summary>A model as a list of nodes in execution order, NHWC, with all shapes known.</summary>
public sealed class ModelGraph
{
    /// <summary>Name for reports.</summary>
    public required string Name { get; set; }

    /// <summary>Inputs in the source model's order.</summary>
    public List<GraphPort> Inputs { get; } = [];

    /// <summary>Outputs in the source model's order.</summary>
    public List<GraphPort> Outputs { get; } = [];

    /// <summary>Nodes, each after those whose outputs it reads.</summary>
    public List<Node> Nodes { get; } = [];

    /// <summary>The node that computes a tensor; null for inputs and constants.</summary>
    public Node? Producer(Tensor tensor) => Nodes.Find(node => node.Outputs.Contains(tensor));

    /// <summary>The nodes that read a tensor.</summary>
    public IEnumerable<Node> Consumers(Tensor tensor) => Nodes.Where(node => node.Inputs.Contains(tensor));

    /// <summary>Whether a tensor is one of the graph's outputs.</summary>
    public bool IsOutput(Tensor tensor) => Outputs.Exists(output => output.Tensor == tensor);

    /// <summary>Makes every reader of a tensor, and the graph's outputs, read another one instead. Ports keep their layout.</summary>
    public void ReplaceUses(Tensor old, Tensor replacement)
    {
        foreach (Node node in Nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (node.Inputs[i] == old)
                    node.Inputs[i] = replacement;
            }
        }
        for (int i = 0; i < Outputs.Count; i++)
        {
            if (Outputs[i].Tensor == old)
                Outputs[i] = Outputs[i] with { Tensor = replacement };
        }
    }

    /// <summary>A graph of its own with the same nodes in the same order. Both share the elements of constants, which passes replace and never change.</summary>
    public ModelGraph Copy()
    {
        var tensors = Tensors().ToDictionary(tensor => tensor, tensor => new Tensor(tensor.Name, tensor.Type, tensor.Shape, tensor.Quantization, tensor.Data));
        var copy = new ModelGraph { Name = Name };
        copy.Inputs.AddRange(Inputs.Select(port => port with { Tensor = tensors[port.Tensor] }));
        copy.Outputs.AddRange(Outputs.Select(port => port with { Tensor = tensors[port.Tensor] }));
        copy.Nodes.AddRange(Nodes.Select(node => new Node(
            node.Name, node.Operator, node.Inputs.Select(input => input is null ? null : tensors[input]), [.. node.Outputs.Select(output => tensors[output])])));
        return copy;
    }

    /// <summary>All tensors that nodes and ports mention, each once, inputs first.</summary>
    public IEnumerable<Tensor> Tensors() =>
        Inputs.Select(input => input.Tensor)
            .Concat(Nodes.SelectMany(node => node.Inputs.OfType<Tensor>().Concat(node.Outputs)))
            .Concat(Outputs.Select(output => output.Tensor))
            .Distinct();
}
