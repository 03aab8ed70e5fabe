using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Bench.Tests.Serial;

public class SerialPortsTests
{
    [Fact]
    public void Ports_of_linux_are_listed_with_the_ids_of_their_usb_device()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux's folders of devices");
        using var folder = new TemporaryFolder();
        string devices = Make(folder, "dev");
        string usb = Make(folder, "sys/devices/usb1/1-2");
        File.WriteAllText(Path.Combine(usb, "idVendor"), "10c4\n");
        File.WriteAllText(Path.Combine(usb, "idProduct"), "ea60\n");
        File.WriteAllText(Path.Combine(usb, "serial"), "0001\n");
        File.WriteAllText(Path.Combine(usb, "product"), "CP2102\n");
        string classFolder = Make(folder, "sys/class/tty");
        AddTerminal(folder, classFolder, devices, "ttyUSB0", Make(folder, "sys/devices/usb1/1-2/1-2:1.0/ttyUSB0"), null);
        AddTerminal(folder, classFolder, devices, "ttyS0", Make(folder, "sys/devices/pnp/00:05"), "4");
        AddTerminal(folder, classFolder, devices, "ttyS1", Make(folder, "sys/devices/platform/serial8250"), "0");
        Make(folder, "sys/class/tty/console");

        SerialPortInfo[] ports = [.. SerialPorts.LinuxPorts(classFolder, devices).OrderBy(port => port.Name, StringComparer.Ordinal)];

        Assert.Equal(
            [new(Path.Combine(devices, "ttyS0")), new(Path.Combine(devices, "ttyUSB0"), 0x10C4, 0xEA60, "0001", "CP2102")],
            ports);
        Assert.Contains("ESP32", ports[1].Guess, StringComparison.Ordinal);
        Assert.Null(ports[0].Guess);
    }

    [Theory]
    [InlineData(0x10C4, 0xEA60, "CP210x")]
    [InlineData(0x1A86, 0x7523, "CH340")]
    [InlineData(0x1A86, 0x55D4, "CH9102")]
    [InlineData(0x0403, 0x6001, "FTDI")]
    [InlineData(0x303A, 0x1001, "ESP32-S3")]
    [InlineData(0x0483, 0x374B, "ST-LINK")]
    [InlineData(0x2E8A, 0x000A, "RP2040")]
    [InlineData(0x1234, 0x5678, null)]
    [InlineData(null, null, null)]
    public void A_board_is_guessed_from_the_usb_ids(int? vendor, int? product, string? guess)
    {
        string? found = new SerialPortInfo("port", vendor, product).Guess;

        Assert.Equal(guess is null, found is null);
        Assert.Contains(guess ?? "", found ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_without_serial_ports_has_an_empty_list()
    {
        using var folder = new TemporaryFolder();

        Assert.Empty(SerialPorts.LinuxPorts(folder.File("no such folder"), folder.Path));
        Assert.Empty(SerialPorts.LinuxPorts(folder.Path, folder.Path));
    }

    [Fact]
    public void Listing_the_machine_s_own_ports_works() => Assert.All(SerialPorts.List(), port => Assert.NotEmpty(port.Name));

    private static void AddTerminal(TemporaryFolder folder, string classFolder, string devices, string name, string target, string? type)
    {
        string entry = Make(folder, Path.GetRelativePath(folder.Path, Path.Combine(classFolder, name)));
        Directory.CreateSymbolicLink(Path.Combine(entry, "device"), target);
        if (type is not null)
            File.WriteAllText(Path.Combine(entry, "type"), type + "\n");
        File.WriteAllText(Path.Combine(devices, name), "");
    }

    private static string Make(TemporaryFolder folder, string path) => Directory.CreateDirectory(Path.Combine(folder.Path, path)).FullName;
}
