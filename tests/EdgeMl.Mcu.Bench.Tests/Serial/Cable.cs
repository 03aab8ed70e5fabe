using EdgeMl.Mcu.Bench.Serial;

namespace EdgeMl.Mcu.Bench.Tests.Serial;

/// <summary>Passes bytes between two ports, and damages some of those of one direction on request.</summary>
internal sealed class Cable : IDisposable
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SerialPort _near;
    private readonly SerialPort _far;
    private readonly Thread[] _threads;
    private volatile bool _closed;

    /// <param name="near">Port at the tool's side.</param>
    /// <param name="far">Port at the board's side.</param>
    /// <param name="damageEvery">One of how many bytes is damaged, in both directions; 0 for none.</param>
    public Cable(string near, string far, int damageEvery = 0)
    {
        _near = SerialPort.Open(near);
        _far = SerialPort.Open(far);
        _threads = [Start(_near, _far, damageEvery, 1), Start(_far, _near, damageEvery, 2)];
    }

    public void Dispose()
    {
        if (_closed)
            return;
        _closed = true;
        foreach (Thread thread in _threads)
            thread.Join();
        _near.Dispose();
        _far.Dispose();
    }

    private Thread Start(SerialPort from, SerialPort to, int damageEvery, int seed)
    {
        var thread = new Thread(() => Pass(from, to, damageEvery, new Random(seed))) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private void Pass(SerialPort from, SerialPort to, int damageEvery, Random random)
    {
        byte[] buffer = new byte[512];
        try
        {
            while (!_closed)
            {
                int count = from.Read(buffer, Slice);
                for (int i = 0; i < count && damageEvery > 0; i++)
                {
                    if (random.Next(damageEvery) == 0)
                        buffer[i] ^= (byte)(1 << random.Next(8));
                }
                if (count > 0)
                    to.Write(buffer.AsSpan(0, count), Patience);
            }
        }
        catch (BenchException)
        {
            // Cut: the tests look at what the ends make of it.
        }
    }
}
