using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Agent.Timing;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Arithmetic;

namespace EdgeMl.Mcu.Agent.Results;

/// <summary>Runs the model on what the sensor gives, and keeps a record of the results that the policy wants reported.</summary>
internal sealed class InferenceLoop
{
    /// <summary>Outputs in a record; of a tensor with more, none are.</summary>
    internal const int OutputsMax = 64;

    private readonly AgentContext _agent;
    private readonly Sensor _sensor;
    private readonly ResultReporter _reporter;
    private readonly Deadline _next = new Deadline();
    private readonly CborWriter _writer;
    private int _class;
    private int _top;
    private int _margin;

    /// <summary>Creates the loop.</summary>
    /// <param name="agent">The agent's parts.</param>
    /// <param name="sensor">Gives samples; null for none.</param>
    /// <param name="reporter">Is told of new results.</param>
    internal InferenceLoop(AgentContext agent, Sensor sensor, ResultReporter reporter)
    {
        _agent = agent;
        _sensor = sensor;
        _reporter = reporter;
        _writer = agent.Uplink.Writer;
    }

    /// <summary>Inferences since the start.</summary>
    internal int Inferences { get; private set; }

    internal void Step(long now)
    {
        Interpreter interpreter = _agent.Host.Interpreter;
        if (_sensor == null || interpreter == null || (_next.IsSet && !_next.IsDue(now)))
            return;
        _next.Set(now, _sensor.IntervalMilliseconds);
        if (!_sensor.Read(interpreter))
            return;
        int sampleBytes = CopySample();
        if (!TryInvoke())
            return;
        Inferences++;
        Rank();
        ResultPolicy policy = _agent.Policy;
        if (!policy.Reports(_class, _top, _margin, now))
            return;
        if (sampleBytes > 0 && (!policy.WantsSample(_margin, sampleBytes, now) || !Compose(sampleBytes, now)))
            sampleBytes = 0;
        if (sampleBytes == 0 && !Compose(0, now))
            return;
        int keep = policy.KeepRecords < _agent.Settings.ResultsMax ? policy.KeepRecords : _agent.Settings.ResultsMax;
        if (_agent.Results.Append(_writer.Length, keep))
            _reporter.OnResult(now);
        policy.OnReported(_class, sampleBytes, now);
    }

    internal int Wait(long now)
    {
        return _sensor == null || _agent.Host.Interpreter == null ? Deadline.Never : _next.IsSet ? _next.Remaining(now) : 0;
    }

    /// <summary>Copies the first input to the end of the record's place, because the model may overwrite it.</summary>
    /// <returns>Its bytes; 0 where no sample is wanted or there is no room.</returns>
    private int CopySample()
    {
        TensorInfo input = _agent.Host.Interpreter.Model.Input(0);
        int count = input.ByteCount;
        if (_agent.Policy.Margin < 0 || count > _agent.Results.RecordBytesMax)
            return 0;
        sbyte[] arena = _agent.Host.Interpreter.Arena;
        int from = input.ArenaOffset;
        int to = SampleOffset(count);
        for (int i = 0; i < count; i++)
            _agent.Work[to + i] = (byte)arena[from + i];
        return count;
    }

    private bool TryInvoke()
    {
        try
        {
            _agent.Host.Interpreter.Invoke();
            return true;
        }
        catch (ModelException)
        {
            // Weights that cannot be read now may be readable at the next sample.
            return false;
        }
    }

    /// <summary>Finds the top output and how far the second one is below it.</summary>
    private void Rank()
    {
        TensorInfo output = _agent.Host.Interpreter.Model.Output(0);
        _class = _agent.Host.Interpreter.ArgMax(0);
        _top = Value(output, _class);
        int second = int.MinValue;
        for (int i = 0; i < output.Count; i++)
        {
            int value = i == _class ? second : Value(output, i);
            if (value > second)
                second = value;
        }
        long margin = output.Count == 1 ? int.MaxValue : (long)_top - second;
        _margin = margin > int.MaxValue ? int.MaxValue : (int)margin;
    }

    /// <summary>Writes <c>[seq, uptime-ms, label, [* output], ? sample]</c> to its place.</summary>
    /// <returns>Whether it fits.</returns>
    private bool Compose(int sampleBytes, long now)
    {
        ResultStore store = _agent.Results;
        TensorInfo output = _agent.Host.Interpreter.Model.Output(0);
        _writer.Reset(_agent.Work, store.BodyOffset, store.RecordBytesMax);
        _writer.WriteArray(sampleBytes > 0 ? 5 : 4);
        _writer.WriteInteger(store.NextSequence);
        _writer.WriteInteger(now < 0 ? 0 : now);
        if (_class < output.LabelCount)
            _writer.WriteText(output.Label(_class));
        else if (output.Count > 1)
            _writer.WriteText(_class.ToString());
        else
            _writer.WriteNull();
        int count = output.Count <= OutputsMax ? output.Count : 0;
        _writer.WriteArray(count);
        for (int i = 0; i < count; i++)
            _writer.WriteInteger(Value(output, i));
        if (sampleBytes > 0)
            _writer.WriteBytes(_agent.Work, SampleOffset(sampleBytes), sampleBytes);
        return !_writer.Failed;
    }

    private int SampleOffset(int count)
    {
        return _agent.Results.BodyOffset + _agent.Results.RecordBytesMax - count;
    }

    private int Value(TensorInfo output, int index)
    {
        int type = (int)output.ElementType;
        return Element.Read(_agent.Host.Interpreter.Arena, output.ArenaOffset + (index << Element.SizeShift(type)), type);
    }
}
