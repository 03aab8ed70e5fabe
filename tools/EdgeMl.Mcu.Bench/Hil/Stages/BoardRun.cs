using System.Diagnostics;
using EdgeMl.Mcu.Bench.Hil.Boards;
using EdgeMl.Mcu.Bench.Hil.Configuration;
using EdgeMl.Mcu.Bench.Hil.Models;
using EdgeMl.Mcu.Bench.Hil.Reports;
using EdgeMl.Mcu.Bench.Hil.Updates;
using EdgeMl.Mcu.Bench.Link;

namespace EdgeMl.Mcu.Bench.Hil.Stages;

/// <summary>A run of a bench on one board: what stages need and what they have found out.</summary>
internal sealed class BoardRun : IAsyncDisposable
{
    private LinkClient? _link;

    /// <summary>The bench.</summary>
    public required BenchConfiguration Bench { get; init; }

    /// <summary>The board's part of it.</summary>
    public required BoardConfiguration Configuration { get; init; }

    /// <summary>The board's descriptor.</summary>
    public required BenchBoard Board { get; init; }

    /// <summary>The board itself.</summary>
    public required BoardUnderTest Access { get; init; }

    /// <summary>The models.</summary>
    public required IReadOnlyList<GoldenModel> Models { get; init; }

    /// <summary>What comes from elsewhere.</summary>
    public required BenchServices Services { get; init; }

    /// <summary>Told the part of a stage that is done, 0 to 1.</summary>
    public required Action<double> Progress { get; init; }

    /// <summary>Whether this machine is between switching the board off and on.</summary>
    public bool IsOff { get; set; }

    /// <summary>Version of the board's CLR; null while nobody asked.</summary>
    public string? Clr { get; set; }

    /// <summary>What the board says of itself; null while it has said nothing.</summary>
    public LinkIdentity? Identity { get; set; }

    /// <summary>Vectors that were run of each model.</summary>
    public Dictionary<string, VerifiedModel> Verified { get; } = [];

    /// <summary>Latency of each model.</summary>
    public Dictionary<string, LatencyReport> Latency { get; } = [];

    /// <summary>Memory of each model.</summary>
    public Dictionary<string, MemoryReport> Memory { get; } = [];

    /// <summary>The relay, from the update round on.</summary>
    public BenchRelay? Relay { get; set; }

    /// <summary>The update round.</summary>
    public UpdateReport? Update { get; set; }

    /// <summary>The power cuts.</summary>
    public PowerCutsReport? PowerCuts { get; set; }

    /// <summary>How long the board may take to answer after it was switched on or restarted.</summary>
    public TimeSpan StartTimeout => TimeSpan.FromSeconds(Bench.PowerCuts.RecoverySeconds);

    /// <summary>How long one update may take.</summary>
    public TimeSpan UpdateTimeout => TimeSpan.FromSeconds(Bench.Update.TimeoutSeconds);

    /// <summary>How long a stage may take that runs each model many times.</summary>
    public TimeSpan ModelsTimeout => TimeSpan.FromMinutes(15) * Models.Count;

    /// <summary>The link, opened where it is not.</summary>
    public LinkClient Link => _link ??= OpenLink(new LinkOptions { BaudRate = Access.LinkBaudRate });

    /// <summary>Closes the link; the next use opens it again.</summary>
    public void CloseLink()
    {
        _link?.Dispose();
        _link = null;
    }

    /// <summary>Waits until the board answers on the link: it is starting, and its port may not be there yet.</summary>
    /// <exception cref="BenchException">The last reason why it did not answer.</exception>
    public LinkIdentity WaitForLink(TimeSpan timeout, CancellationToken cancellationToken)
    {
        long begin = Stopwatch.GetTimestamp();
        while (true)
        {
            CloseLink();
            TimeSpan left = timeout - Stopwatch.GetElapsedTime(begin);
            try
            {
                using (LinkClient client = OpenLink(new LinkOptions { BaudRate = Access.LinkBaudRate, Patience = left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1) }))
                    client.Identify(cancellationToken);
                return Link.Identify(cancellationToken);
            }
            catch (BenchException e) when (left > TimeSpan.Zero && e.Code is BenchErrorCodes.PortNotFound or BenchErrorCodes.PortBusy or BenchErrorCodes.PortDenied or BenchErrorCodes.PortDisconnected)
            {
                // A USB port comes back some time after the power, its rights a moment later.
                cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        CloseLink();
        if (Relay is not null)
            await Relay.DisposeAsync();
        if (IsOff)
            await Access.Power!.OnAsync(CancellationToken.None);
        Access.Dispose();
    }

    private LinkClient OpenLink(LinkOptions options) => LinkClient.Open(Access.LinkPort, options);
}

/// <summary>Vectors of a model that were run.</summary>
/// <param name="Vectors">How many.</param>
/// <param name="Equal">How many gave the exact outputs.</param>
/// <param name="First">The first difference, or null.</param>
internal sealed record VerifiedModel(int Vectors, int Equal, Difference? First);
