using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Timing;

namespace EdgeMl.Mcu.Agent.Results;

/// <summary>Decides which results are reported, as the relay has set it. Until then a result is reported when the class changes.</summary>
public sealed class ResultPolicy
{
    private const int DayMilliseconds = 24 * 60 * 60 * 1000;
    private const int NoClass = -1;

    private readonly Deadline _interval = new Deadline();
    private readonly Deadline _day = new Deadline();
    private bool _hasThreshold;
    private int _lastClass = NoClass;
    private int _sampleBytes;

    /// <summary>Whether only a result of another class than the last reported one is reported.</summary>
    public bool IsOnChange { get; private set; } = true;

    /// <summary>Least raw value of the top output; below it nothing is reported.</summary>
    public int Threshold { get; private set; }

    /// <summary>Least milliseconds between two reported results.</summary>
    public int IntervalMilliseconds { get; private set; }

    /// <summary>A result whose two top outputs are no further apart (raw) is reported with its sample, even without a change; -1 for none.</summary>
    public int Margin { get; private set; } = -1;

    /// <summary>Bytes of samples in 24 hours.</summary>
    public int SampleBytesPerDay { get; private set; }

    /// <summary>Results that are kept until they are acknowledged.</summary>
    public int KeepRecords { get; private set; } = int.MaxValue;

    /// <summary>Reads the policy of an order; what it does not name stays as it is.</summary>
    public void Read(CborReader reader)
    {
        int pairs = reader.ReadMap();
        int key = -1;
        for (int i = 0; i < pairs && !reader.Failed; i++)
        {
            key = reader.ReadKey(key);
            switch (key)
            {
                case 0:
                    IsOnChange = reader.ReadBool();
                    break;
                case 1:
                    _hasThreshold = !reader.TryReadNull();
                    if (_hasThreshold)
                        Threshold = reader.ReadInteger(int.MinValue, int.MaxValue);
                    break;
                case 2:
                    IntervalMilliseconds = reader.ReadInteger(0, int.MaxValue - 1);
                    break;
                case 3:
                    Margin = reader.ReadInteger(-1, int.MaxValue);
                    break;
                case 4:
                    SampleBytesPerDay = reader.ReadInteger(0, int.MaxValue);
                    break;
                case 5:
                    KeepRecords = reader.ReadInteger(1, int.MaxValue);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    /// <summary>Writes the policy as an order has it, all fields.</summary>
    public void Write(CborWriter writer)
    {
        writer.WriteMap(6);
        writer.WriteInteger(0);
        writer.WriteBool(IsOnChange);
        writer.WriteInteger(1);
        if (_hasThreshold)
            writer.WriteInteger(Threshold);
        else
            writer.WriteNull();
        writer.WriteInteger(2);
        writer.WriteInteger(IntervalMilliseconds);
        writer.WriteInteger(3);
        writer.WriteInteger(Margin);
        writer.WriteInteger(4);
        writer.WriteInteger(SampleBytesPerDay);
        writer.WriteInteger(5);
        writer.WriteInteger(KeepRecords);
    }

    /// <summary>Whether a result is to be reported.</summary>
    /// <param name="index">Its class, 0 or more.</param>
    /// <param name="top">Raw value of the top output.</param>
    /// <param name="margin">How far the second one is below it, raw, 0 or more.</param>
    /// <param name="now">Milliseconds of the clock.</param>
    public bool Reports(int index, int top, int margin, long now)
    {
        bool isNews = (!IsOnChange || index != _lastClass) && (!_hasThreshold || top >= Threshold);
        bool isWaiting = _interval.IsSet && !_interval.IsDue(now);
        return !isWaiting && (isNews || IsUncertain(margin));
    }

    /// <summary>Whether a result that is reported should bring its sample.</summary>
    /// <param name="margin">How far the second output is below the top one, raw, 0 or more.</param>
    /// <param name="sampleBytes">Length of the sample.</param>
    /// <param name="now">Milliseconds of the clock.</param>
    public bool WantsSample(int margin, int sampleBytes, long now)
    {
        if (!_day.IsSet || _day.IsDue(now))
        {
            _day.Set(now, DayMilliseconds);
            _sampleBytes = 0;
        }
        return IsUncertain(margin) && sampleBytes <= SampleBytesPerDay - _sampleBytes;
    }

    /// <summary>A result was reported.</summary>
    /// <param name="index">Its class.</param>
    /// <param name="sampleBytes">Bytes of the sample with it, 0 for none.</param>
    /// <param name="now">Milliseconds of the clock.</param>
    public void OnReported(int index, int sampleBytes, long now)
    {
        _lastClass = index;
        _sampleBytes += sampleBytes;
        _interval.Set(now, IntervalMilliseconds);
    }

    /// <summary>Another model runs: its classes are others.</summary>
    public void OnModel()
    {
        _lastClass = NoClass;
    }

    private bool IsUncertain(int margin)
    {
        return margin <= Margin;
    }
}
