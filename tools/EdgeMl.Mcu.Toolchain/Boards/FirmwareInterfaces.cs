namespace EdgeMl.Mcu.Toolchain.Boards;

/// <summary>The ways in which firmware comes onto a board.</summary>
public static class FirmwareInterfaces
{
    /// <summary>The loader in the chip, over the serial port.</summary>
    public const string Serial = "serial";

    /// <summary>The debug probe on the board.</summary>
    public const string Jtag = "jtag";

    /// <summary>The USB loader in the chip.</summary>
    public const string Dfu = "dfu";

    /// <summary>The board as a USB drive.</summary>
    public const string Drive = "drive";
}
