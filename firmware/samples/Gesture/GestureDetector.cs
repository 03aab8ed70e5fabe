using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Samples.Gesture;

/// <summary>Decides from the stream of samples when a gesture was made. Allocates at construction only.</summary>
/// <remarks>
/// The model looks at the last 64 samples after every <see cref="Hop"/> new ones. A gesture is reported once the same kind has won <see cref="Agreement"/> times in
/// a row with at least <see cref="MarginSteps"/> before the second, and no other one before <see cref="Rest"/> windows without any: one movement is one report.
/// </remarks>
public sealed class GestureDetector
{
    /// <summary>Samples from one look to the next.</summary>
    public const int Hop = 8;

    /// <summary>How many looks in a row must agree.</summary>
    public const int Agreement = 3;

    /// <summary>How many looks in a row must show no gesture before the next one is reported.</summary>
    public const int Rest = 2;

    /// <summary>Least distance of the best score from the second, in steps of the model's output.</summary>
    public const int MarginSteps = 12;

    private const int Axes = 3;

    private readonly Interpreter _interpreter;
    private readonly AccelerationWindow _window = new AccelerationWindow();
    private readonly sbyte[] _features = new sbyte[Axes * AccelerationWindow.Length];
    private readonly float[] _input = new float[Axes * AccelerationWindow.Length];
    private readonly sbyte[] _scores = new sbyte[4];
    private int _untilLook = Hop;
    private GestureKind _candidate;
    private int _agreeing;
    private int _resting;
    private bool _armed = true;

    /// <summary>Creates a detector with an interpreter of its own for a model.</summary>
    public GestureDetector(Model model)
    {
        _interpreter = new Interpreter(model);
    }

    /// <summary>Takes one sample, 50 a second; gives the gesture that it completes, mostly <see cref="GestureKind.None"/>.</summary>
    public GestureKind Add(short x, short y, short z)
    {
        _window.Add(x, y, z);
        if (--_untilLook > 0 || _window.Missing > 0)
            return GestureKind.None;
        _untilLook = Hop;
        return Decide(Look());
    }

    /// <summary>What the model says of the last window, <see cref="GestureKind.None"/> where it is not sure.</summary>
    public GestureKind Look()
    {
        // The device's order is time first, axes last.
        for (int axis = 0; axis < Axes; axis++)
            _window.CopyTo(axis, _features, axis, Axes);
        for (int i = 0; i < _features.Length; i++)
            _input[i] = _features[i];
        _interpreter.SetInput(0, _input);
        _interpreter.Invoke();
        _interpreter.GetOutput(0, _scores);
        int best = 0;
        int second = -1;
        for (int i = 1; i < _scores.Length; i++)
        {
            if (_scores[i] > _scores[best])
            {
                second = best;
                best = i;
            }
            else if (second < 0 || _scores[i] > _scores[second])
            {
                second = i;
            }
        }
        return _scores[best] - _scores[second] < MarginSteps ? GestureKind.None : (GestureKind)best;
    }

    private GestureKind Decide(GestureKind seen)
    {
        _agreeing = seen == _candidate ? _agreeing + 1 : 1;
        _candidate = seen;
        _resting = seen == GestureKind.None ? _resting + 1 : 0;
        if (_resting >= Rest)
            _armed = true;
        if (!_armed || seen == GestureKind.None || _agreeing < Agreement)
            return GestureKind.None;
        _armed = false;
        return seen;
    }
}
