using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Samples.VibrationAnomaly;

/// <summary>Tells from windows of samples whether a machine vibrates as it did in training. Allocates at construction only.</summary>
/// <remarks>
/// The model is an autoencoder that has seen healthy machines only and gives back what it is given as far as it knows it. The score is the sum of the squared differences
/// between features and answer, in steps of the features.
/// </remarks>
public sealed class AnomalyDetector
{
    /// <summary>A score above this is one of a machine that is not healthy.</summary>
    public const int Threshold = 260;

    /// <summary>How many windows in a row must be above the threshold for an alarm, and below it for the end of one.</summary>
    public const int Agreement = 3;

    private readonly Interpreter _interpreter;
    private readonly SpectralFeatures _spectrum = new SpectralFeatures();
    private readonly sbyte[] _features = new sbyte[SpectralFeatures.Bands];
    private readonly float[] _values = new float[SpectralFeatures.Bands];
    private int _differing;

    /// <summary>Creates a detector with an interpreter of its own for a model.</summary>
    public AnomalyDetector(Model model)
    {
        _interpreter = new Interpreter(model);
    }

    /// <summary>The score of the last window.</summary>
    public int Score { get; private set; }

    /// <summary>Whether the machine is thought not to be healthy.</summary>
    public bool IsAlarm { get; private set; }

    /// <summary>Takes a window of <see cref="SpectralFeatures.Length"/> samples, 1,024 a second.</summary>
    public void Add(short[] samples)
    {
        _spectrum.Compute(samples, _features);
        for (int i = 0; i < _values.Length; i++)
            _values[i] = _features[i];
        _interpreter.SetInput(0, _values);
        _interpreter.Invoke();
        _interpreter.GetOutput(0, _values);
        Score = Distance();
        _differing = (Score > Threshold) == IsAlarm ? 0 : _differing + 1;
        if (_differing >= Agreement)
        {
            IsAlarm = !IsAlarm;
            _differing = 0;
        }
    }

    private int Distance()
    {
        int score = 0;
        for (int i = 0; i < _values.Length; i++)
        {
            float value = _values[i];
            int difference = _features[i] - (int)(value < 0 ? value - 0.5f : value + 0.5f);
            score += difference * difference;
        }
        return score;
    }
}
