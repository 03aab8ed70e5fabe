namespace EdgeMl.Mcu.Toolchain.Graph;

/// <summary>One operation of a graph.</summary>
public sealed class Node
{
    /// <summary>Creates a node; a missing optional input is null.</summary>
    public Node(string name, Operator op, IEnumerable<Tensor?> inputs, params Tensor[] outputs)
    {
        Name = name;
        Operator = op;
        Inputs = [.. inputs];
        Outputs = [.. outputs];
    }

    /// <summary>Name in the source model, for messages.</summary>
    public string Name { get; set; }

    /// <summary>What the node does, with its attributes.</summary>
    public Operator Operator { get; set; }

    /// <summary>Inputs in the operator's order.</summary>
    public List<Tensor?> Inputs { get; }

    /// <summary>Outputs in the operator's order.</summary>
    public List<Tensor> Outputs { get; }

    /// <summary>The first input, which every operator that computes something has.</summary>
    public Tensor Input => Inputs[0] ?? throw new InvalidOperationException($"'{Name}' has no input.");

    /// <summary>The first output.</summary>
    public Tensor Output => Outputs[0];

    /// <summary>Input at an index, or null where it is absent.</summary>
    public Tensor? InputOrNull(int index) => index < Inputs.Count ? Inputs[index] : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Operator.Name} '{Name}'";
}
