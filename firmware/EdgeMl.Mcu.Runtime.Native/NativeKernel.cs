namespace EdgeMl.Mcu.Runtime.Native;

/// <summary>
/// A native kernel in the place of a managed one: the same parameters, weights and bits. The managed one checks layers at load, and computes those that the native one does not take.
/// </summary>
public sealed class NativeKernel : Kernel
{
    private readonly int _opCode;
    private readonly Kernel _managed;

    /// <summary>Creates the kernel for an opcode.</summary>
    /// <param name="opCode">Opcode of the layers.</param>
    /// <param name="managed">The managed kernel of that opcode.</param>
    public NativeKernel(int opCode, Kernel managed)
    {
        _opCode = opCode;
        _managed = managed;
    }

    /// <summary>The managed kernel.</summary>
    public Kernel Managed => _managed;

    /// <inheritdoc/>
    public override int ParameterCount => _managed.ParameterCount;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        _managed.Validate(layer);
        if (layer.Failed)
            return;
        var parameters = new int[ParameterCount];
        for (int i = 0; i < parameters.Length; i++)
            parameters[i] = layer.Int(i);
        layer.Row(NativeMethods.Scratch(_opCode, parameters));
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        int taken = NativeMethods.Run(
            _opCode, frame.Parameters, frame.ParameterOffset, frame.Weights, frame.WeightOffset, frame.Arena, frame.Row, frame.Row.Length);
        if (taken == 0)
            _managed.Run(frame);
    }
}
