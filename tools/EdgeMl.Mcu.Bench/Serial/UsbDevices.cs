namespace EdgeMl.Mcu.Bench.Serial;

/// <summary>USB ids of boards and of the bridges on them. An id names the chip that speaks USB, so for a bridge the board is a guess.</summary>
internal static class UsbDevices
{
    private const int Espressif = 0x303A;
    private const int SiliconLabs = 0x10C4;
    private const int Wch = 0x1A86;
    private const int Ftdi = 0x0403;
    private const int StMicroelectronics = 0x0483;
    private const int RaspberryPi = 0x2E8A;

    internal static string? Guess(int? vendor, int? product) => (vendor, product) switch
    {
        (Espressif, 0x1001) => "ESP32-S3, -C3, -C6 or -H2, built-in USB serial",
        (Espressif, _) => "ESP32-S2 or -S3, USB of the application",
        (SiliconLabs, 0xEA60) => "ESP32 board with CP210x bridge",
        (SiliconLabs, 0xEA70) => "ESP32 board with CP2105 bridge",
        (Wch, 0x7523 or 0x7522) => "ESP32 board with CH340 bridge",
        (Wch, 0x55D4 or 0x55D3) => "ESP32 board with CH9102 bridge",
        (Ftdi, 0x6010) => "ESP-WROVER-KIT, or FT2232 adapter",
        (Ftdi, 0x6001 or 0x6015) => "FTDI adapter",
        (StMicroelectronics, 0x374B or 0x374E or 0x3752) => "STM32 board, ST-LINK virtual port",
        (StMicroelectronics, 0x5740) => "STM32 board, USB of the firmware",
        (RaspberryPi, _) => "RP2040 or RP2350 board",
        _ => null,
    };
}
