namespace EdgeMl.Mcu.Mqtt.Client;

/// <summary>The waits before new connections.</summary>
/// <remarks>
/// Each wait is drawn evenly from 0 to a bound that doubles with every failure, plus the shortest wait, so that many clients that lost the same
/// broker do not come back at once.
/// </remarks>
/// <param name="Min">The shortest wait, and the first bound.</param>
/// <param name="Max">The largest bound.</param>
public sealed record ReconnectDelay(TimeSpan Min, TimeSpan Max)
{
    private const int DoublingsMax = 30;

    /// <summary>The wait after some failures in a row.</summary>
    /// <param name="failures">Failures before, 0 or more.</param>
    /// <param name="fraction">A random number, 0 or more and below 1.</param>
    public TimeSpan After(int failures, double fraction)
    {
        double bound = Math.Min(Max.TotalMilliseconds, Min.TotalMilliseconds * Math.Pow(2, Math.Min(failures, DoublingsMax)));
        return Min + TimeSpan.FromMilliseconds(bound * fraction);
    }
}
