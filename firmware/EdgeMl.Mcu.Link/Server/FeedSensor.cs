using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Link.Framing;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Link.Server;

/// <summary>A sensor whose samples come over the bench link: all inputs of the model in its order, one after another. It holds one sample.</summary>
public sealed class FeedSensor : Sensor
{
    private const int PayloadMin = 9;

    private readonly byte[] _sample;
    private readonly int _interval;
    private int _length;
    private int _next;

    /// <summary>Creates a sensor without a sample.</summary>
    /// <param name="sampleBytesMax">Bytes of the longest sample; taken at once.</param>
    /// <param name="intervalMilliseconds">How often the agent looks for a sample, in milliseconds, 1 or more.</param>
    public FeedSensor(int sampleBytesMax, int intervalMilliseconds)
    {
        _sample = new byte[sampleBytesMax];
        _interval = intervalMilliseconds;
    }

    /// <inheritdoc/>
    public override int IntervalMilliseconds => _interval;

    /// <summary>Whether a sample waits to be taken.</summary>
    public bool IsFull => _length > 0 && _next == _length;

    /// <inheritdoc/>
    public override bool Read(Interpreter interpreter)
    {
        if (!IsFull)
            return false;
        Model model = interpreter.Model;
        int expected = 0;
        for (int i = 0; i < model.InputCount; i++)
            expected += model.Input(i).ByteCount;
        bool fits = expected == _length;
        int from = 0;
        for (int i = 0; fits && i < model.InputCount; i++)
        {
            TensorInfo input = model.Input(i);
            int end = input.ArenaOffset + input.ByteCount;
            for (int place = input.ArenaOffset; place < end; place++)
                interpreter.Arena[place] = (sbyte)_sample[from++];
        }
        _length = 0;
        _next = 0;
        return fits;
    }

    /// <summary>Takes a part of a sample; one that begins at 0 begins a sample.</summary>
    internal LinkError Take(FrameReader request)
    {
        if (request.PayloadLength < PayloadMin)
            return LinkError.Format;
        int length = request.ReadInt32(0);
        int offset = request.ReadInt32(4);
        int count = request.PayloadLength - PayloadMin + 1;
        if (IsFull)
            return LinkError.FeedBusy;
        if (length <= 0 || length > _sample.Length || offset < 0 || count > length - offset)
            return LinkError.Format;
        if (offset == 0)
        {
            _length = length;
            _next = 0;
        }
        if (length != _length || offset != _next)
            return LinkError.Offset;
        System.Array.Copy(request.Buffer, request.PayloadOffset + PayloadMin - 1, _sample, offset, count);
        _next += count;
        return LinkError.None;
    }
}
