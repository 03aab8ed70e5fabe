using System.IO.Pipelines;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>Sends a connection's answers and its session's messages, as fast as the client takes them.</summary>
internal sealed class ConnectionWriter(PipeWriter output, ControlQueue control, AsyncSignal signal, BrokerCounters counters)
{
    private const int FlushBytes = 32 * 1024;

    private long _flushStartedAt = long.MaxValue;

    /// <summary>Since when the client takes nothing, in milliseconds of <see cref="Environment.TickCount64"/>; <see cref="long.MaxValue"/> if nothing is being sent.</summary>
    public long FlushStartedAt => Volatile.Read(ref _flushStartedAt);

    /// <summary>Runs until the signal is completed and everything is sent, or the connection fails.</summary>
    public async Task RunAsync(OutboundQueue messages)
    {
        bool goesOn = true;
        while (goesOn)
        {
            goesOn = await signal.WaitAsync();
            while (WriteSome(messages))
            {
                Volatile.Write(ref _flushStartedAt, Environment.TickCount64);
                FlushResult result = await output.FlushAsync();
                Volatile.Write(ref _flushStartedAt, long.MaxValue);
                control.OnSent();
                if (result.IsCompleted)
                    return;
            }
        }
    }

    private bool WriteSome(OutboundQueue messages)
    {
        while (output.UnflushedBytes < FlushBytes)
        {
            if (control.TryTake(out ControlPacket answer))
            {
                answer.Write(output);
            }
            else if (messages.TryTake(signal, out OutboundPacket packet))
            {
                if (packet.Message is not null)
                    Interlocked.Increment(ref counters.MessagesSent);
                packet.Write(output);
            }
            else
            {
                break;
            }
        }
        return output.UnflushedBytes > 0;
    }
}
