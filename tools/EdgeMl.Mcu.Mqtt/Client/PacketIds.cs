using System.Collections;

namespace EdgeMl.Mcu.Mqtt.Client;

/// <summary>The packet identifiers of a client, 1 to 65,535; one that is in use is not given out again. Thread-safe.</summary>
internal sealed class PacketIds
{
    private readonly Lock _lock = new();
    private readonly BitArray _used = new(ushort.MaxValue + 1);
    private ushort _last;
    private int _count;

    public ushort Take()
    {
        lock (_lock)
        {
            if (_count == ushort.MaxValue)
                throw new InvalidOperationException("All 65,535 packet identifiers are in use.");
            do
                _last = _last == ushort.MaxValue ? (ushort)1 : (ushort)(_last + 1);
            while (_used[_last]);
            _used[_last] = true;
            _count++;
            return _last;
        }
    }

    public void Return(ushort id)
    {
        lock (_lock)
        {
            if (!_used[id])
                return;
            _used[id] = false;
            _count--;
        }
    }
}
