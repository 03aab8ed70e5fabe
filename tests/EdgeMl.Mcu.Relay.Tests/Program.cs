using System.Globalization;
using System.Net;
using EdgeMl.Mcu.Relay.Tests.Support;
using Microsoft.Extensions.Logging;

namespace EdgeMl.Mcu.Relay.Tests;

/// <summary>Runs the tests, or a relay that a test has started as a process of its own to kill it.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [RelayProcess.Verb, string folder, string httpPort, string brokerPort])
            return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(arguments);
        await using RelayHost host = await RelayHost.StartAsync(new RelayOptions
        {
            DataFolder = folder,
            Fleet = "lab",
            HttpEndPoint = new IPEndPoint(IPAddress.Loopback, int.Parse(httpPort, CultureInfo.InvariantCulture)),
            BrokerEndPoint = new IPEndPoint(IPAddress.Loopback, int.Parse(brokerPort, CultureInfo.InvariantCulture)),
            PublisherKey = TestModels.PublicKey,
            LogLevel = LogLevel.Error,
        });
        await host.RunAsync(CancellationToken.None);
        return 0;
    }
}
