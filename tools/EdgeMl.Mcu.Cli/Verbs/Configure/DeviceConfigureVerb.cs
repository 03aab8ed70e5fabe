using System.CommandLine;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Cli.Verbs.Configure;

/// <summary><c>edgeml device configure</c></summary>
internal static class DeviceConfigureVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var port = new Option<string?>("--port", "-p") { Description = $"Write it to the board on this serial port, as {DeviceConfiguration.DefaultPath}.", HelpName = "PORT" };
        var link = new Option<string?>("--link") { Description = "Write it over the bench link on this serial port.", HelpName = "PORT" };
        var output = new Option<string?>("--out", "-o") { Description = "Write it to a file, for boards that take it from an SD card.", HelpName = "FILE" };
        var identity = new IdentityOptions();
        var network = new NetworkOptions();
        var sensor = new SensorOptions();
        var energy = new EnergyOptions();
        var command = new VerbCommand("configure", "Write the configuration of one device to its board, or to a file.",
            "edgeml device configure --port /dev/ttyUSB0 --enroll TOKEN --identity pump-1.json --wifi Plant --sensor analog",
            "edgeml device configure --out edgeml.cfg --identity pump-1.json --sensor accelerometer --chip lis3dh",
            "edgeml device configure --port COM3 --identity pump-1.json --wifi Plant --wifi-password-file wifi.txt --level 0,600000,3600000,sleep --level 40,10000,0")
        {
            port, link, output,
        };
        identity.AddTo(command);
        network.AddTo(command);
        sensor.AddTo(command);
        energy.AddTo(command);
        command.SetAction(async (parse, _) =>
        {
            var configuration = new DeviceConfiguration();
            network.Read(parse, terminal, configuration);
            sensor.Read(parse, configuration);
            energy.Read(parse, configuration);
            // The board is asked before a token is spent, which cannot be undone.
            using ConfigurationTarget target = ConfigurationTarget.Open(parse.GetValue(port), parse.GetValue(link), parse.GetValue(output), terminal.Cancellation);
            Enrollment enrollment = await identity.ReadAsync(parse, terminal);
            IdentityOptions.Apply(enrollment, configuration, network.Broker(parse));
            target.Write(DeviceConfigurationFile.Of(configuration));
            if (parse.GetValue(output) is not null)
                terminal.Error.WriteLine("The file holds the device key: delete it when it is on the card.");
            Print(terminal, DeviceConfigurationDocument.Of(configuration, target.Name), parse.GetValue(command.Json));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Print(Terminal terminal, DeviceConfigurationDocument document, bool json)
    {
        if (json)
            JsonOutput.Write(terminal.Output, document);
        else
            document.Print(terminal.Output);
    }
}
