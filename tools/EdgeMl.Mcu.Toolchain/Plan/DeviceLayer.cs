using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Plan;

/// <summary>A parameter that is the arena offset of a buffer plus a constant.</summary>
/// <param name="Parameter">Index of the parameter.</param>
/// <param name="Buffer">The buffer.</param>
/// <param name="Displacement">Bytes from the buffer's start.</param>
public readonly record struct ArenaReference(int Parameter, ArenaBuffer Buffer, int Displacement);

/// <summary>One step of the device: a kernel, its parameters and weights.</summary>
public sealed record DeviceLayer
{
    /// <summary>Name of the node that it comes from.</summary>
    public required string Name { get; init; }

    /// <summary>The first of the names that TensorFlow joins with semicolons when it fuses operators.</summary>
    public string ShortName => Name.IndexOf(';') is var end && end > 0 ? Name[..end] : Name;

    /// <summary>The field's name of the operator.</summary>
    public required string Operator { get; init; }

    /// <summary>The kernel.</summary>
    public required OpCode Kernel { get; init; }

    /// <summary>The kernel's parameters; those named by references are filled in when the arena is planned.</summary>
    public required int[] Parameters { get; init; }

    /// <summary>Buffers that the layer reads.</summary>
    public required ArenaReference[] Reads { get; init; }

    /// <summary>Buffers that the layer writes.</summary>
    public required ArenaReference[] Writes { get; init; }

    /// <summary>Weights and tables, as they stand in the file.</summary>
    public byte[] Weights { get; init; } = [];

    /// <summary>Shape of what it computes.</summary>
    public required Shape OutputShape { get; init; }

    /// <summary>Multiply-accumulates for one inference, padding included.</summary>
    public long Macs { get; init; }

    /// <summary>Weights that take part in multiply-accumulates; biases and tables do not count.</summary>
    public int WeightCount { get; init; }

    /// <summary>64-bit words that the kernel needs for its own use.</summary>
    public int Lanes { get; init; }

    /// <summary>Bytes that the kernel needs for its own use after the arena's activations.</summary>
    public int StripBytes { get; init; }

    /// <summary>Bytes that the kernel needs for one row of weights.</summary>
    public int RowBytes { get; init; }

    /// <summary>All bytes that the kernel needs for its own use.</summary>
    public int ScratchBytes => (8 * Lanes) + StripBytes + RowBytes;

    /// <summary>Bytes of RAM for weights that the device packs when it loads the model.</summary>
    public long PackedBytes { get; init; }

    /// <summary>Predicted number of IL instructions for one run, for choosing between kernels.</summary>
    public long PredictedIl { get; init; }
}
