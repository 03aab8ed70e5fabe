using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Samples.VibrationAnomaly;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Samples.Tests;

public sealed class VibrationTests
{
    private static readonly string[] Kinds = ["healthy", "imbalance", "bearing", "looseness", "cavitation"];

    private readonly short[][] _windows = SampleModel.Vibration.ReadRows<short>("raw_test.npy", SpectralFeatures.Length);
    private readonly int[] _labels = SampleModel.Vibration.Read<int>("y_test.npy");

    [Fact]
    public void Features_are_those_that_the_model_was_trained_on_bit_for_bit()
    {
        var spectrum = new SpectralFeatures();
        sbyte[][] expected = SampleModel.Vibration.ReadRows<sbyte>("x_test.npy", SpectralFeatures.Bands);

        Assert.NotEmpty(_windows);
        Assert.Equal(expected, _windows.Select(window =>
        {
            var features = new sbyte[SpectralFeatures.Bands];
            spectrum.Compute(window, features);
            return features;
        }));
    }

    [Fact]
    public void Every_window_of_twelve_bits_has_features() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
        Gen.OneOf(Gen.Choose(0, 4095), Gen.Elements(0, 4095), Gen.Constant(2048)).ListOf(SpectralFeatures.Length).ToArbitrary(), samples =>
        {
            var features = new sbyte[SpectralFeatures.Bands];
            new SpectralFeatures().Compute([.. samples.Select(value => (short)value)], features);
            return features.All(feature => feature > sbyte.MinValue && feature < sbyte.MaxValue);
        }));

    [Fact]
    public void The_logarithm_is_at_most_its_interpolation_and_one_step_low() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll(
        Gen.Choose(0, 39).SelectMany(bits => Gen.Choose(0, 255).Select(low => (1L << bits) + ((long)low << Math.Max(0, bits - 8)))).ToArbitrary(), value =>
        {
            double exact = 16 * Math.Log2(value);
            return SpectralFeatures.Log2(value) <= exact && SpectralFeatures.Log2(value) > exact - 2.4;
        }));

    [Fact]
    public void Healthy_windows_score_below_the_threshold_and_faulty_ones_above()
    {
        var detector = new AnomalyDetector(SampleModel.Vibration.Load());

        int[] scores = [.. _windows.Select(window => ScoreOf(detector, window))];

        for (int kind = 0; kind < Kinds.Length; kind++)
        {
            int[] own = [.. scores.Where((_, i) => _labels[i] == kind).Order()];
            TestContext.Current.SendDiagnosticMessage("{0}: {1} windows, scores {2} to {3}, {4} above", Kinds[kind], own.Length, own[0], own[^1], own.Count(score => score > AnomalyDetector.Threshold));
        }

        int falseAlarms = scores.Where((score, i) => _labels[i] == 0 && score > AnomalyDetector.Threshold).Count();
        int missed = scores.Where((score, i) => _labels[i] != 0 && score <= AnomalyDetector.Threshold).Count();
        Assert.InRange(falseAlarms, 0, 1);
        Assert.InRange(missed, 0, 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void An_alarm_begins_and_ends_when_enough_windows_in_a_row_say_so(int fault)
    {
        var detector = new AnomalyDetector(SampleModel.Vibration.Load());
        short[][] healthy = [.. _windows.Where((_, i) => _labels[i] == 0)];
        short[][] faulty = [.. _windows.Where((_, i) => _labels[i] == fault && ScoreOf(new AnomalyDetector(SampleModel.Vibration.Load()), _windows[i]) > AnomalyDetector.Threshold)];

        Assert.All(healthy, window => Assert.False(AlarmAfter(detector, window)));
        Assert.Equal([false, false, true, true], faulty.Take(4).Select(window => AlarmAfter(detector, window)));
        Assert.Equal([true, true, false, false], healthy.Take(4).Select(window => AlarmAfter(detector, window)));
        Assert.Equal([false, false, false], new[] { faulty[0], faulty[1], healthy[0] }.Select(window => AlarmAfter(detector, window)));
    }

    [Fact]
    public void Nothing_is_allocated_after_construction_and_a_window_stays_within_what_the_card_says()
    {
        using var sample = new MeteredSample("VibrationAnomaly");
        object detector = sample.Create("AnomalyDetector", sample.LoadModel(SampleModel.Vibration.File));
        object spectrum = sample.Create("SpectralFeatures");
        var features = new sbyte[SpectralFeatures.Bands];

        Counters whole = sample.Measure(() => MeteredSample.Bind<Action<short[]>>(detector, "Add")(_windows[0]));
        Counters spectral = sample.Measure(() => MeteredSample.Bind<Action<short[], sbyte[]>>(spectrum, "Compute")(_windows[0], features));

        TestContext.Current.SendDiagnosticMessage(
            "vibration: {0} instructions a window, of them {1} for the features, the time of {2:0} plain ones; {3} bytes of model, {4} of arena",
            whole.Instructions, spectral.Instructions, whole.Weighted, SampleModel.Vibration.File.Length, SampleModel.Vibration.Load().ArenaBytes);
        Assert.Equal(0, whole.AllocatedBytes);
        Assert.InRange(whole.Instructions, 1, 150_000);
    }

    private static int ScoreOf(AnomalyDetector detector, short[] window)
    {
        detector.Add(window);
        return detector.Score;
    }

    private static bool AlarmAfter(AnomalyDetector detector, short[] window)
    {
        detector.Add(window);
        return detector.IsAlarm;
    }
}
