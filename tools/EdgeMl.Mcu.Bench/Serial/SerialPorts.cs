using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Win32;

namespace EdgeMl.Mcu.Bench.Serial;

/// <summary>Which serial ports this machine has.</summary>
public static class SerialPorts
{
    /// <summary>The ports that are connected, by name. macOS and Windows do not say USB ids here.</summary>
    public static IReadOnlyList<SerialPortInfo> List()
    {
        IEnumerable<SerialPortInfo> ports = OperatingSystem.IsWindows() ? WindowsPorts()
            : OperatingSystem.IsMacOS() ? MacPorts("/dev")
            : LinuxPorts("/sys/class/tty", "/dev");
        return [.. ports.OrderBy(port => port.Name.Length).ThenBy(port => port.Name, StringComparer.Ordinal)];
    }

    /// <summary>Ports of Linux: terminals with a driver behind them, apart from UARTs that the kernel only reserves.</summary>
    /// <param name="classFolder">The folder of the kernel's terminals.</param>
    /// <param name="devices">The folder of device files.</param>
    internal static IEnumerable<SerialPortInfo> LinuxPorts(string classFolder, string devices)
    {
        if (!Directory.Exists(classFolder))
            yield break;
        foreach (string entry in Directory.EnumerateFileSystemEntries(classFolder))
        {
            string device = Path.Combine(entry, "device");
            if (!Directory.Exists(device) || ReadLine(Path.Combine(entry, "type")) == "0" || !File.Exists(Path.Combine(devices, Path.GetFileName(entry))))
                continue;
            string name = Path.Combine(devices, Path.GetFileName(entry));
            string? usb = UsbFolderAbove(device);
            yield return usb is null ? new SerialPortInfo(name)
                : new SerialPortInfo(name, Hex(Path.Combine(usb, "idVendor")), Hex(Path.Combine(usb, "idProduct")), ReadLine(Path.Combine(usb, "serial")), ReadLine(Path.Combine(usb, "product")));
        }
    }

    private static IEnumerable<SerialPortInfo> MacPorts(string devices) =>
        Directory.EnumerateFiles(devices, "cu.*").Where(path => !path.Contains("Bluetooth", StringComparison.Ordinal)).Select(path => new SerialPortInfo(path));

    [SupportedOSPlatform("windows")]
    private static SerialPortInfo[] WindowsPorts()
    {
        using RegistryKey? key = Registry.LocalMachine.OpenSubKey(@"HARDWARE\DEVICEMAP\SERIALCOMM");
        return key is null ? [] : [.. key.GetValueNames().Select(name => key.GetValue(name)).OfType<string>().Select(port => new SerialPortInfo(port))];
    }

    private static string? UsbFolderAbove(string device)
    {
        string? folder = Directory.ResolveLinkTarget(device, returnFinalTarget: true)?.FullName ?? device;
        while (folder is not null && !File.Exists(Path.Combine(folder, "idVendor")))
            folder = Path.GetDirectoryName(folder);
        return folder;
    }

    private static int? Hex(string path) =>
        int.TryParse(ReadLine(path), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int value) ? value : null;

    private static string? ReadLine(string path) => File.Exists(path) ? File.ReadLines(path).FirstOrDefault()?.Trim() : null;
}
