using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>Checks samples before they are used for calibration.</summary>
internal static class CalibrationData
{
    private const string Hint = "Give samples from the training data, prepared as the model gets them on the device.";

    /// <summary>Fails on the first sample that is no possible input of the graph, and on inputs that never change.</summary>
    public static void Check(ModelGraph graph, IReadOnlyList<float[][]> samples) => Check(graph.Inputs, samples);

    /// <summary>The same for the inputs of any model.</summary>
    public static void Check(IReadOnlyList<GraphPort> inputs, IReadOnlyList<float[][]> samples)
    {
        if (samples.Count == 0)
            throw Bad("There are no calibration samples; at least one is needed, 100 or more are usual.");
        for (int sample = 0; sample < samples.Count; sample++)
            CheckSample(inputs, samples[sample], sample);
        for (int input = 0; input < inputs.Count; input++)
            CheckVaries(inputs[input].Name, samples, input);
    }

    private static void CheckSample(IReadOnlyList<GraphPort> inputs, float[][] values, int sample)
    {
        if (values.Length != inputs.Count)
            throw Bad($"Calibration sample {sample} has {values.Length} input(s), the model has {inputs.Count}.");
        for (int input = 0; input < values.Length; input++)
        {
            Tensor tensor = inputs[input].Tensor;
            if (values[input].Length != tensor.Shape.ElementCount)
            {
                throw Bad($"Calibration sample {sample} has {values[input].Length} values for input '{tensor.Name}', "
                    + $"whose shape {tensor.Shape} has {tensor.Shape.ElementCount}.");
            }
            int bad = Array.FindIndex(values[input], value => !float.IsFinite(value));
            if (bad >= 0)
            {
                throw Bad($"Calibration sample {sample} has {values[input][bad]} at element {bad} of input '{tensor.Name}'; "
                    + "values must be finite.");
            }
        }
    }

    private static void CheckVaries(string name, IReadOnlyList<float[][]> samples, int input)
    {
        float first = samples[0][input][0];
        if (samples.All(sample => Array.TrueForAll(sample[input], value => value == first)))
            throw Bad($"Input '{name}' is {first} everywhere in all {samples.Count} calibration sample(s): it has no range.");
    }

    internal static ToolchainException Bad(string message) => new(ErrorCodes.BadCalibrationData, message, Hint);
}
