using System.Threading;
using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Device.Sensors;

/// <summary>
/// Fills the model's first input with a window of samples, one after another in time, the channels of a sample side by side. The window is taken in one go when the agent
/// asks, while nothing else runs: then the samples are evenly spaced to a millisecond.
/// </summary>
public sealed class WindowSensor : Sensor
{
    /// <summary>Longest window in milliseconds: so long the device does nothing else.</summary>
    public const int WindowMax = 60_000;

    private readonly SampleSource _source;
    private readonly DeviceClock _clock;
    private readonly int _period;
    private float[] _window = new float[0];
    private bool _isOpen;

    /// <summary>Creates a sensor.</summary>
    /// <param name="source">What it samples.</param>
    /// <param name="clock">Milliseconds.</param>
    /// <param name="periodMicroseconds">From one sample to the next, 1,000 or more.</param>
    /// <param name="intervalMilliseconds">From one window to the next, 1 or more.</param>
    public WindowSensor(SampleSource source, DeviceClock clock, int periodMicroseconds, int intervalMilliseconds)
    {
        _source = source;
        _clock = clock;
        _period = periodMicroseconds;
        Interval = intervalMilliseconds;
    }

    /// <summary>Milliseconds from one window to the next, which the energy policy changes.</summary>
    public int Interval { get; set; }

    /// <inheritdoc/>
    public override int IntervalMilliseconds => Interval;

    /// <summary>Windows that could not be taken, because the source did not answer or the model has no input for them.</summary>
    public int Failures { get; private set; }

    /// <inheritdoc/>
    public override bool Read(Interpreter interpreter)
    {
        int count = interpreter.Model.Input(0).Count;
        if (count != _window.Length)
            _window = new float[count];
        bool isTaken = Capture() && Set(interpreter);
        Failures += isTaken ? 0 : 1;
        return isTaken;
    }

    private bool Capture()
    {
        int channels = _source.Channels;
        int samples = _window.Length / channels;
        if (samples * channels != _window.Length || (long)samples * _period > WindowMax * 1_000L)
            return false;
        if (!_isOpen && !_source.Open())
            return false;
        long start = _clock.Milliseconds;
        _isOpen = true;
        for (int i = 0; i < samples && _isOpen; i++)
        {
            long wait = ((long)i * _period / 1_000) - (_clock.Milliseconds - start);
            if (wait > 0 && wait <= WindowMax)
                Thread.Sleep((int)wait);
            _isOpen = _source.Read(_window, i * channels);
        }
        return _isOpen;
    }

    private bool Set(Interpreter interpreter)
    {
        try
        {
            interpreter.SetInput(0, _window);
            return true;
        }
        catch (ModelException)
        {
            // The input is of a type that takes no real numbers.
            return false;
        }
    }
}
