using System.Diagnostics;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Bench.Tests.Serial;

/// <summary>Two serial ports that are one line: a pty pair of <c>socat</c>.</summary>
internal sealed class PortPair : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _socat;

    public PortPair()
    {
        string socat = ExternalProgram.Need("socat", "socat");
        First = Path.Combine(_folder.Path, "first");
        Second = Path.Combine(_folder.Path, "second");
        _socat = Process.Start(new ProcessStartInfo(socat, [$"PTY,raw,echo=0,link={First}", $"PTY,raw,echo=0,link={Second}"]) { RedirectStandardError = true })!;
        Assert.True(SpinWait.SpinUntil(() => File.Exists(First) && File.Exists(Second), TimeSpan.FromSeconds(30)), "socat made no ports");
    }

    public string First { get; }

    public string Second { get; }

    /// <summary>Unplugs both ends.</summary>
    public void Cut()
    {
        if (_socat.HasExited)
            return;
        _socat.Kill();
        _socat.WaitForExit();
    }

    public void Dispose()
    {
        Cut();
        _socat.Dispose();
        _folder.Dispose();
    }
}
