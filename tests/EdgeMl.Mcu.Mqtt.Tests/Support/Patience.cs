namespace EdgeMl.Mcu.Mqtt.Tests.Support;

/// <summary>Waiting for conditions, for as long as the slowest machine may need.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until a condition holds that nothing announces.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var deadline = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(LookEvery);
        while (!condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"{what}: not within {Limit.TotalSeconds} s");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
