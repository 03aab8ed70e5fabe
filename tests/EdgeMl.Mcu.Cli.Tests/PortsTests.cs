using System.Text.Json;

namespace EdgeMl.Mcu.Cli.Tests;

public class PortsTests
{
    [Fact]
    public void The_ports_are_one_list_in_json()
    {
        CommandLineRun run = CommandLineRun.Of("ports", "--json");

        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.Equal(JsonValueKind.Array, document.RootElement.ValueKind);
        Assert.All(document.RootElement.EnumerateArray(), port => Assert.NotEmpty(port.GetProperty("name").GetString()!));
    }
}
