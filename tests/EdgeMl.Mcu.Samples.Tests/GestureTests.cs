using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Samples.Gesture;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Samples.Tests;

public sealed class GestureTests
{
    private const int Axes = 3;
    private const int SamplesPerSecond = 50;

    // The longest movement, 1.8 s, the looks that must agree, and two more; less than the 3 s from one gesture of the recording to the next.
    private const int LatestSamples = (SamplesPerSecond * 18 / 10) + ((GestureDetector.Agreement + 2) * GestureDetector.Hop);

    [Fact]
    public void Features_are_those_that_the_model_was_trained_on_bit_for_bit()
    {
        short[][] windows = SampleModel.Gesture.ReadRows<short>("raw_test.npy", AccelerationWindow.Length * Axes);
        sbyte[][] expected = SampleModel.Gesture.ReadRows<sbyte>("x_test.npy", AccelerationWindow.Length * Axes);

        Assert.NotEmpty(windows);
        Assert.Equal(expected, windows.Select(Features));
    }

    [Fact]
    public void A_constant_acceleration_changes_no_feature() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
        Gen.Choose(-8000, 8000).ListOf(AccelerationWindow.Length * Axes).ToArbitrary(), Gen.Choose(-20000, 20000).ToArbitrary(), (samples, constant) =>
        {
            short[] still = [.. samples.Select(value => (short)value)];
            short[] moved = [.. samples.Select(value => (short)(value + constant))];
            return Features(still).SequenceEqual(Features(moved));
        }));

    [Fact]
    public void Every_gesture_of_a_recording_is_reported_once_and_as_what_it_is()
    {
        var detector = new GestureDetector(SampleModel.Gesture.Load());
        short[][] recording = SampleModel.Gesture.ReadRows<short>("stream.npy", Axes);
        int[][] events = SampleModel.Gesture.ReadRows<int>("stream_events.npy", 2);
        var reports = new List<(int At, GestureKind Kind)>();

        for (int i = 0; i < recording.Length; i++)
        {
            GestureKind gesture = detector.Add(recording[i][0], recording[i][1], recording[i][2]);
            if (gesture != GestureKind.None)
                reports.Add((i, gesture));
        }

        int right = events.Count(each => reports.Count(report => IsOf(report.At, each)) == 1 && reports.Single(report => IsOf(report.At, each)).Kind == (GestureKind)each[0]);
        int stray = reports.Count(report => !events.Any(each => IsOf(report.At, each)));
        TestContext.Current.SendDiagnosticMessage("gestures: {0} of {1} right, {2} stray of {3} reports", right, events.Length, stray, reports.Count);
        Assert.InRange(right, events.Length - 2, events.Length);
        Assert.Equal(0, stray);
    }

    [Fact]
    public void Nothing_is_allocated_after_construction_and_a_look_stays_within_what_the_card_says()
    {
        using var sample = new MeteredSample("Gesture");
        object detector = sample.Create("GestureDetector", sample.LoadModel(SampleModel.Gesture.File));
        var window = detector.GetType().GetMethod("Look")!;

        Counters look = sample.Measure(() => window.Invoke(detector, null));

        TestContext.Current.SendDiagnosticMessage("gesture: {0} instructions a look, the time of {1:0} plain ones; {2} bytes of model, {3} of arena", look.Instructions, look.Weighted, SampleModel.Gesture.File.Length, SampleModel.Gesture.Load().ArenaBytes);
        Assert.Equal(0, look.AllocatedBytes);
        Assert.InRange(look.Instructions, 1, 90_000);
    }

    private static bool IsOf(int at, int[] gesture) => at >= gesture[1] && at < gesture[1] + LatestSamples;

    // In the order of the file: sample after sample.
    private static sbyte[] Features(short[] samples)
    {
        var window = new AccelerationWindow();
        for (int i = 0; i < samples.Length; i += Axes)
            window.Add(samples[i], samples[i + 1], samples[i + 2]);
        var features = new sbyte[samples.Length];
        for (int axis = 0; axis < Axes; axis++)
            window.CopyTo(axis, features, axis, Axes);
        return features;
    }
}
