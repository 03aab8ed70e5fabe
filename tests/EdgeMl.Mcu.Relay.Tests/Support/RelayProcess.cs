using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Relay.Tests.Support;

/// <summary>A relay as a process of its own, on ports that stay the same.</summary>
internal sealed class RelayProcess : IDisposable
{
    /// <summary>The argument with which this assembly is a relay.</summary>
    public const string Verb = "relay-under-test";

    private readonly string _folder;
    private ExternalProgram? _program;

    public RelayProcess(string folder)
    {
        _folder = folder;
        Address = new Uri($"http://127.0.0.1:{FreePort()}");
        BrokerEndPoint = new IPEndPoint(IPAddress.Loopback, FreePort());
    }

    public Uri Address { get; }

    public IPEndPoint BrokerEndPoint { get; }

    /// <summary>Starts it, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        Launch();
        using var http = new HttpClient();
        await RelayFixture.UntilAsync(
            async () =>
            {
                Assert.False(_program!.HasExited, _program.HasExited ? _program.Errors : null);
                try
                {
                    return (await http.GetAsync(new Uri(Address, Client.Routes.Health))).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the relay answers");
    }

    /// <summary>Starts it, and does not wait for anything.</summary>
    public void Launch() => _program = ExternalProgram.Start(
        Path.Combine(AppContext.BaseDirectory, "EdgeMl.Mcu.Relay.Tests" + (OperatingSystem.IsWindows() ? ".exe" : string.Empty)), Verb, _folder,
        Address.Port.ToString(CultureInfo.InvariantCulture), BrokerEndPoint.Port.ToString(CultureInfo.InvariantCulture));

    /// <summary>Kills it as kill -9 does.</summary>
    public void Kill()
    {
        _program?.Dispose();
        _program = null;
    }

    public void Dispose() => Kill();

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
