using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Device.Sensors;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;

namespace EdgeMl.Mcu.Device.Tests.Sensors;

public class WindowSensorTests
{
    [Fact]
    public void A_window_fills_the_input_of_the_model_in_its_scale()
    {
        Interpreter interpreter = Model();
        TensorInfo input = interpreter.Model.Input(0);
        var source = new Ramp(1);
        var sensor = new WindowSensor(source, new RunningClock(), 1_000, 50);

        Assert.True(sensor.Read(interpreter));

        float[] expected = [.. Enumerable.Range(0, input.Count).Select(i => (float)i)];
        Interpreter other = Model();
        other.SetInput(0, expected);
        Assert.Equal(InputOf(other), InputOf(interpreter));
        Assert.Equal((50, 0), (sensor.IntervalMilliseconds, sensor.Failures));
    }

    [Fact]
    public void A_source_that_fails_within_a_window_is_opened_again_for_the_next_one()
    {
        Interpreter interpreter = Model();
        var source = new Ramp(1) { FailsAt = 1 };
        var sensor = new WindowSensor(source, new RunningClock(), 1_000, 1);

        Assert.False(sensor.Read(interpreter));
        source.FailsAt = -1;
        Assert.True(sensor.Read(interpreter));

        Assert.Equal((2, 1), (source.Opens, sensor.Failures));
    }

    [Fact]
    public void A_model_whose_input_is_no_whole_number_of_samples_is_not_run()
    {
        Interpreter interpreter = Model();
        var sensor = new WindowSensor(new Ramp(interpreter.Model.Input(0).Count + 1), new RunningClock(), 1_000, 1);

        Assert.False(sensor.Read(interpreter));
        Assert.Equal(1, sensor.Failures);
    }

    [Fact]
    public void A_window_that_would_take_too_long_is_not_taken()
    {
        var sensor = new WindowSensor(new Ramp(1), new RunningClock(), (WindowSensor.WindowMax * 1_000) + 1, 1);

        Assert.False(sensor.Read(Model()));
    }

    [Fact]
    public void An_analogue_input_reads_from_minus_one_to_one()
    {
        float[] values = new float[3];
        int[] readings = [0, 2048, 4095];
        for (int i = 0; i < 3; i++)
            Assert.True(new AnalogSource(new Level(readings[i])).Read(values, i));

        Assert.Equal([-1f, 0.000244f, 1f], values.Select(value => MathF.Round(value, 6)));
        Assert.False(new AnalogSource(new Level(-1)).Open());
    }

    private static Interpreter Model()
    {
        byte[] file = EmlmCompiler.Compile(RandomTrees.Graph(RandomTrees.Create(3))).Bytes;
        Assert.Equal(Error.None, Runtime.Model.TryLoad(file, out Model model));
        return new Interpreter(model);
    }

    private static sbyte[] InputOf(Interpreter interpreter)
    {
        TensorInfo input = interpreter.Model.Input(0);
        return interpreter.Arena.AsSpan(input.ArenaOffset, input.ByteCount).ToArray();
    }

    private sealed class Ramp(int channels) : SampleSource
    {
        private int _next;

        public int FailsAt { get; set; } = -1;

        public int Opens { get; private set; }

        public override int Channels => channels;

        public override bool Open()
        {
            Opens++;
            _next = 0;
            return true;
        }

        public override bool Read(float[] values, int offset)
        {
            if (_next == FailsAt)
                return false;
            for (int i = 0; i < channels; i++)
                values[offset + i] = _next++;
            return true;
        }
    }

    private sealed class Level(int reading) : AnalogInput
    {
        public override int Max => 4095;

        public override int Read() => reading;
    }

    /// <summary>A clock on which time passes faster than the sensor would wait.</summary>
    private sealed class RunningClock : DeviceClock
    {
        private long _now;

        public override long Milliseconds => _now += 1_000;
    }
}
