using EdgeMl.Mcu.Bench.Serial;

namespace EdgeMl.Mcu.Bench.Link;

/// <summary>How a <see cref="LinkClient"/> waits.</summary>
public sealed record LinkOptions
{
    /// <summary>Bits per second; a port without a clock ignores it.</summary>
    public int BaudRate { get; init; } = SerialPort.DefaultBaudRate;

    /// <summary>How long a request is repeated until it is answered, while the port is opened again where it got lost.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The same for requests that load, run or store, and for a restart.</summary>
    public TimeSpan LongPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Wait for an answer before its request is repeated for the first time, beside the time that the line takes; doubled each time up to <see cref="LastWait"/>.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Longest wait for an answer before its request is repeated.</summary>
    public TimeSpan LastWait { get; init; } = TimeSpan.FromSeconds(4);
}
