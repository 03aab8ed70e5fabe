using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>A node bound to the buffers that it reads and writes. Each buffer has exactly its tensor's number of elements.</summary>
internal sealed class NodeCall(Node node, float[]?[] inputs, float[][] outputs)
{
    private float[] _scratch = [];

    /// <summary>The node; shapes stand in its tensors.</summary>
    public Node Node { get; } = node;

    /// <summary>Values of the inputs, null where an optional input is absent.</summary>
    public float[]?[] Inputs { get; } = inputs;

    /// <summary>Values of the first input.</summary>
    public float[] Input => Required(0);

    /// <summary>Values of the first output.</summary>
    public float[] Output => outputs[0];

    /// <summary>Values of an output.</summary>
    public float[] OutputAt(int index) => outputs[index];

    /// <summary>Values of an input that the operator needs.</summary>
    public float[] Required(int index) =>
        OrNull(index) ?? throw new InvalidOperationException($"{Node} has no input {index}.");

    /// <summary>Values of an input, or null where it is absent.</summary>
    public float[]? OrNull(int index) => index < Inputs.Length ? Inputs[index] : null;

    /// <summary>The node's operator as its type.</summary>
    public T Operator<T>()
        where T : Operator => (T)Node.Operator;

    /// <summary>Shape of an input.</summary>
    public Shape ShapeOf(int input) =>
        Node.InputOrNull(input)?.Shape ?? throw new InvalidOperationException($"{Node} has no input {input}.");

    /// <summary>A buffer of this call's own that lives from one run to the next; its content is arbitrary.</summary>
    public Span<float> Scratch(int length)
    {
        if (_scratch.Length < length)
            _scratch = new float[length];
        return _scratch.AsSpan(0, length);
    }
}
