using System.CommandLine;
using EdgeMl.Mcu.Bench;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Device;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Cli.Verbs.Configure;

/// <summary><c>edgeml device show</c></summary>
internal static class DeviceShowVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = $"A configuration, such as {DeviceConfiguration.FileName} from an SD card." };
        var command = new VerbCommand("show", "Show what a configuration file says, without its secrets.", "edgeml device show pump-1.cfg", "edgeml device show pump-1.cfg --json") { file };
        command.SetAction(parse =>
        {
            string path = parse.GetRequiredValue(file);
            DeviceConfigurationDocument document = DeviceConfigurationDocument.Of(Read(DataFile.ReadAllBytes(path), path), path);
            if (parse.GetValue(command.Json))
                JsonOutput.Write(terminal.Output, document);
            else
                document.Print(terminal.Output);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static DeviceConfiguration Read(byte[] content, string path)
    {
        var reader = new ConfigurationReader();
        DeviceError error = reader.Read(content, content.Length, out DeviceConfiguration configuration);
        string where = reader.FailedKey < 0 ? "" : $" at key {reader.FailedKey}";
        return error == DeviceError.None ? configuration
            : throw new BenchException(BenchErrorCodes.Configuration, $"'{path}' is no usable configuration: error {(int)error}, {error}{where}.", "Write it anew with 'edgeml device configure'.");
    }
}
