using System.Security.Cryptography;
using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Metering.Costs;

namespace EdgeMl.Mcu.Bench.Devices.Boards;

/// <summary>Counts what models execute and take on a device, on the device's own assemblies. Used by one thread at a time.</summary>
/// <param name="images">The nano-subset builds of the runtime and its optional kernels.</param>
internal sealed class WorkMeter(IReadOnlyList<byte[]> images) : IDisposable
{
    private readonly Dictionary<string, ModelMeter> _meters = [];
    private readonly Dictionary<string, ModelWork> _work = [];
    private MeteredProgram? _program;

    /// <summary>What one inference executes; null where the runtime does not load the file.</summary>
    /// <param name="file">The .emlm file.</param>
    /// <param name="inputs">Bytes of each input.</param>
    public ModelWork? WorkOf(byte[] file, IReadOnlyList<byte[]> inputs)
    {
        string model = NameOf([file]);
        string key = model + NameOf(inputs);
        if (_work.TryGetValue(key, out ModelWork? work))
            return work;
        if (MeterOf(model, file) is not { } meter)
            return null;
        for (int i = 0; i < inputs.Count; i++)
            meter.SetInput(i, inputs[i]);
        InferenceCount count = meter.Measure();
        return _work[key] = new ModelWork(count.Total.Weighted, [.. count.Layers.Select(layer => layer.Weighted)]);
    }

    /// <summary>Bytes of the device's heap that a loaded model and its interpreter take; 0 where the runtime does not load the file.</summary>
    public long BytesOf(byte[]? file) => file is not null && MeterOf(NameOf([file]), file) is { } meter ? HeapSizes.OfArray(file.Length) + meter.Opening!.AllocatedBytes : 0;

    /// <inheritdoc/>
    public void Dispose() => _program?.Dispose();

    private ModelMeter? MeterOf(string name, byte[] file)
    {
        if (_meters.TryGetValue(name, out ModelMeter? meter))
            return meter;
        try
        {
            _program ??= MeteredProgram.Load(images);
            return _meters[name] = ModelMeter.Open(_program, file);
        }
        catch (MeteringException)
        {
            // An encrypted model, of which the flash holds no plain bytes.
            return null;
        }
    }

    private static string NameOf(IReadOnlyList<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] part in parts)
            hash.AppendData(part);
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
