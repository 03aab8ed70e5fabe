using Xunit;

namespace EdgeMl.Mcu.Testing;

/// <summary>Waiting for conditions, for as long as the slowest machine may need.</summary>
public static class Patience
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);

    /// <summary>How long to wait for anything.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(4);

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
