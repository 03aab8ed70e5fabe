using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Runtime.Tests.Host;

/// <summary>One layer that stands alone: its record, with the weights behind it, and an arena.</summary>
internal sealed class Layer
{
    private readonly byte[] _data;
    private readonly int _weightOffset;

    public Layer(int[] parameters, byte[] weights)
    {
        Parameters = parameters;
        Weights = weights;
        _weightOffset = ModelFormat.LayerRecord.Size + (4 * parameters.Length);
        _data = new byte[_weightOffset + weights.Length];
        BitConverter.TryWriteBytes(_data.AsSpan(ModelFormat.LayerRecord.WeightsLengthOffset), weights.Length);
        for (int i = 0; i < parameters.Length; i++)
            BitConverter.TryWriteBytes(_data.AsSpan(ModelFormat.LayerRecord.Size + (4 * i)), parameters[i]);
        weights.CopyTo(_data, _weightOffset);
    }

    /// <summary>The kernel's parameters.</summary>
    public int[] Parameters { get; }

    /// <summary>Weights and tables.</summary>
    public byte[] Weights { get; }

    /// <summary>Whether the kernel accepts the layer.</summary>
    public bool IsValid(Kernel kernel, int arenaBytes)
    {
        var reader = new LayerReader(_data, arenaBytes, 0, 0, new WeightMemory(_data, _weightOffset));
        reader.MoveTo(0);
        kernel.Validate(reader);
        return !reader.Failed;
    }

    /// <summary>What a kernel works on, in an arena of its own.</summary>
    public Frame Frame(sbyte[] arena) => new()
    {
        Parameters = _data,
        ParameterOffset = ModelFormat.LayerRecord.Size,
        Weights = _data,
        WeightOffset = _weightOffset,
        Arena = [.. arena],
        Lanes = [],
    };
}
