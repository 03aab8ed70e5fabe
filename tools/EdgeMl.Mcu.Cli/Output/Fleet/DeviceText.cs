using System.Globalization;
using EdgeMl.Mcu.Relay.Client;
using Spectre.Console;

namespace EdgeMl.Mcu.Cli.Output.Fleet;

/// <summary>Prints devices of a fleet.</summary>
internal static class DeviceText
{
    /// <summary>Prints a list.</summary>
    public static void PrintList(Terminal terminal, IReadOnlyList<DeviceInfo> devices)
    {
        if (devices.Count == 0)
        {
            terminal.Error.WriteLine("No device is there. 'edgeml devices enroll' makes a token for one.");
            return;
        }
        Table table = new Table().Border(TableBorder.Simple).AddColumns("device", "board", "runs", "state", "last seen", "tags");
        foreach (DeviceInfo device in devices)
        {
            table.AddRow(
                Markup.Escape(device.Id), Markup.Escape(device.Board ?? ""), Markup.Escape(Running(device)), Markup.Escape(State(device)), Seen(device),
                Markup.Escape(string.Join(' ', device.Tags)));
        }
        terminal.Draw(table);
        terminal.Output.WriteLine();
        terminal.Output.WriteLine($"{devices.Count} devices, {devices.Count(device => device.IsOnline)} online");
    }

    /// <summary>Prints one device.</summary>
    public static void Print(Terminal terminal, DeviceInfo device)
    {
        Line(terminal, "device", device.Id + (device.IsRevoked ? " (revoked)" : ""));
        Line(terminal, "board", device.Board);
        Line(terminal, "firmware", device.Firmware);
        Line(terminal, "runs", Running(device));
        Line(terminal, "manifest", device.Running);
        Line(terminal, "state", State(device));
        Line(terminal, "epoch", device.Epoch?.ToString(CultureInfo.InvariantCulture));
        Line(terminal, "key generation", device.KeyGeneration?.ToString(CultureInfo.InvariantCulture));
        Line(terminal, "free memory", device.FreeMemoryBytes is long free ? $"{free:N0} bytes" : null);
        Line(terminal, "slot", device.SlotBytes is long slot ? $"{slot:N0} bytes" : null);
        Line(terminal, "battery", device.BatteryPercent is int battery ? $"{battery} %" : null);
        Line(terminal, "tags", string.Join(' ', device.Tags));
        Line(terminal, "last seen", Seen(device));
        Line(terminal, "rollout", device.Rollout?.ToString(CultureInfo.InvariantCulture));
    }

    private static void Line(Terminal terminal, string title, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            terminal.Output.WriteLine($"{title,-16} {value}");
    }

    private static string Running(DeviceInfo device) =>
        device.RunningName is not null ? $"{device.RunningName}@{device.RunningVersion}" : device.Running is not null ? device.Running[..12] + "…" : "nothing";

    private static string State(DeviceInfo device) =>
        (device.IsRevoked ? "revoked" : device.State.ToString().ToLowerInvariant()) + (device.ErrorName is not null ? $" ({device.ErrorName})" : "") + (device.IsOnline ? "" : ", offline");

    private static string Seen(DeviceInfo device) => device.LastSeen is { } time ? time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "never";
}
