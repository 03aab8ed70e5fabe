using EdgeMl.Mcu.Bench;
using EdgeMl.Mcu.Bench.Hil.Configuration;
using EdgeMl.Mcu.Bench.Hil.Models;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.Cli.Hil;

/// <summary>Makes the models of a bench with their golden vectors.</summary>
internal sealed class BenchModels(CancellationToken cancellation)
{
    private const string PrunedSuffix = "-pruned";

    private readonly Dictionary<string, ModelFile> _quantized = [];

    /// <summary>A model with its self-test and samples as vectors.</summary>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.BenchModel"/>.</exception>
    public GoldenModel Open(ModelConfiguration configuration)
    {
        if (configuration.BuiltIn is { } builtIn)
            return BuiltIn(builtIn, configuration);
        byte[] file = ModelFile.Open(configuration.File!).ToDeviceFile();
        DeviceModelRunner runner = RunnerOf(file, configuration.Name);
        if (configuration.Inputs.Count == 0)
            return Create(configuration.Name, file, []);
        SampleSet[] inputs = Read("inputs", configuration, configuration.Inputs, runner.Inputs);
        SampleSet[] expected = Read("expected", configuration, configuration.Expected, runner.Outputs);
        VerificationReport report = Verification.Compare(configuration.Name, expected, runner.RunAll(inputs, null, cancellation), Tolerance.Exact);
        if (report.First is { } first)
        {
            throw new BenchException(BenchErrorCodes.BenchModel,
                $"This machine's runtime does not give the expected outputs of '{configuration.Name}' either: {report.Mismatches} values differ, first in sample {first.Sample}, element {first.Index}: expected {first.Expected}, got {first.Actual}.",
                "'edgeml verify MODEL --input FILE --expect FILE' shows more.");
        }
        return Create(configuration.Name, file, Vectors(runner, inputs));
    }

    private GoldenModel BuiltIn(string name, ModelConfiguration configuration)
    {
        bool isPruned = name.EndsWith(PrunedSuffix, StringComparison.Ordinal);
        string source = (isPruned ? name[..^PrunedSuffix.Length] : name).Replace('-', '_');
        if (!_quantized.TryGetValue(source, out ModelFile? device))
            _quantized[source] = device = DigitsModels.Quantized(source, cancellation);
        byte[] file = isPruned ? DigitsModels.Pruned(device, cancellation) : device.Content;
        DeviceModelRunner runner = RunnerOf(file, name);
        SampleSet real = DigitsModels.HeldOutSamples(DigitsModels.Model(source));
        var samples = new SampleSet(runner.Inputs[0], SampleValues.FromReals(runner.Inputs[0].Tensor, new NumericArray(new Toolchain.Graph.Shape(real.Values.Length), real.Values), name));
        return Create(configuration.Name, file, Vectors(runner, [First(samples, configuration.Samples)]));
    }

    private static GoldenModel Create(string name, byte[] file, IReadOnlyList<GoldenVector> vectors)
    {
        GoldenVector? selfTest = GoldenModel.SelfTestOf(name, file);
        GoldenVector[] all = selfTest is null ? [.. vectors] : [selfTest, .. vectors];
        return all.Length > 0 ? new GoldenModel(name, file, all)
            : throw new BenchException(BenchErrorCodes.BenchModel, $"The model '{name}' has no self-test, and the bench gives no samples.", "Give inputs and expected in the bench's file.");
    }

    private static GoldenVector[] Vectors(DeviceModelRunner runner, SampleSet[] inputs) =>
    [
        .. Enumerable.Range(0, inputs[0].Count).Select(sample =>
        {
            (byte[][] rawInputs, byte[][] rawOutputs) = runner.RunRaw([.. inputs.Select(input => input.Sample(sample))]);
            return new GoldenVector($"sample {sample}", rawInputs, rawOutputs);
        }),
    ];

    private static SampleSet[] Read(string member, ModelConfiguration configuration, IReadOnlyList<string> files, IReadOnlyList<Toolchain.Graph.GraphPort> ports)
    {
        if (files.Count != ports.Count)
        {
            throw new BenchException(BenchErrorCodes.BenchModel, $"The bench gives {files.Count} files in {member} of '{configuration.Name}', and the model has {ports.Count}: {string.Join(", ", ports.Select(port => port.Name))}.",
                "Give one file for each, in this order.");
        }
        return [.. files.Select((file, i) => First(SampleFile.Read(file, ports[i], raw: false), configuration.Samples))];
    }

    private static SampleSet First(SampleSet samples, int count)
    {
        SampleSet first = SampleSet.Zeros(samples.Port, Math.Min(count, samples.Count));
        for (int i = 0; i < first.Count; i++)
            first.SetSample(i, samples.Sample(i));
        return first;
    }

    private static DeviceModelRunner RunnerOf(byte[] file, string name)
    {
        Model model = DeviceModelFile.Parse(file, name);
        return new DeviceModelRunner(model, name);
    }
}
