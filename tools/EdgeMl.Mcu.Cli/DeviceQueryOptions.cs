using System.CommandLine;
using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Cli;

/// <summary>The options that select devices.</summary>
internal sealed class DeviceQueryOptions
{
    private readonly Option<string[]> _tag = new("--tag") { Description = "Only devices with this tag; several times for several tags, all of which must be there.", HelpName = "TAG" };
    private readonly Option<string?> _board = new("--board", "-b") { Description = "Only devices of this board.", HelpName = "NAME" };
    private readonly Option<string?> _running = new("--running") { Description = "Only devices that run this: VERSION or NAME@VERSION.", HelpName = "MODEL" };
    private readonly Option<string[]> _device = new("--device") { Description = "Only devices of this name; * stands for any characters. May be repeated.", HelpName = "NAME" };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _tag, _board, _running, _device })
            command.Options.Add(option);
    }

    /// <summary>What they say.</summary>
    public DeviceQuery Read(ParseResult parse) => new()
    {
        Tags = parse.GetValue(_tag) ?? [],
        Board = parse.GetValue(_board),
        Running = parse.GetValue(_running),
        Names = parse.GetValue(_device) ?? [],
    };
}
