using System;

namespace EdgeMl.Mcu.Runtime;

/// <summary>What a kernel works on: one layer's parameters and weights, the arena and the scratch.</summary>
public sealed class Frame
{
    /// <summary>The bytes that hold the parameters.</summary>
    public byte[] Parameters;

    /// <summary>Where the layer's first parameter stands.</summary>
    public int ParameterOffset;

    /// <summary>The bytes that hold the weights.</summary>
    public byte[] Weights;

    /// <summary>Where the layer's weights begin.</summary>
    public int WeightOffset;

    /// <summary>All activations.</summary>
    public sbyte[] Arena;

    /// <summary>64-bit words for a kernel's own use: packed operands and accumulators. Their content does not outlive the layer.</summary>
    public long[] Lanes;

    /// <summary>Where the arena's last part begins, bytes for a kernel's own use: padded or gathered inputs. Their content does not outlive the layer.</summary>
    public int Strip;

    /// <summary>Bytes for a kernel's own use: one row of weights. Their content does not outlive the layer.</summary>
    public byte[] Row;

    /// <summary>What the layer's kernel has packed when the interpreter was created, or null.</summary>
    public long[][] Packed;

    /// <summary>Parameter at an index.</summary>
    public int Int(int index)
    {
        return BitConverter.ToInt32(Parameters, ParameterOffset + (index << 2));
    }
}
