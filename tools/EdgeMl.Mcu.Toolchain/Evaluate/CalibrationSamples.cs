using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Samples in the form that calibration takes.</summary>
public static class CalibrationSamples
{
    /// <summary>For each sample the real values of each input in the graph's layout.</summary>
    /// <param name="inputs">For each input as many samples, in its source layout.</param>
    /// <exception cref="ToolchainException"><c>data.sample-count-mismatch</c>.</exception>
    public static float[][][] ToGraphLayout(IReadOnlyList<SampleSet> inputs)
    {
        ModelRunner.CheckCounts(inputs);
        var samples = new float[inputs[0].Count][][];
        for (int sample = 0; sample < samples.Length; sample++)
        {
            int index = sample;
            samples[sample] = [.. inputs.Select(set => PortLayout.ToDevice<float>(set.Port, SampleValues.ToReals(set.Port.Tensor, set.Sample(index))))];
        }
        return samples;
    }
}
