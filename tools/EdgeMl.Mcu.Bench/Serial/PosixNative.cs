using System.Runtime.InteropServices;

namespace EdgeMl.Mcu.Bench.Serial;

/// <summary>The functions of libc that a serial port needs, and the numbers in which Linux and macOS differ.</summary>
internal static partial class PosixNative
{
    internal const int ReadWrite = 2;
    internal const short PollIn = 1;
    internal const short PollOut = 4;
    internal const short PollBroken = 0x8 | 0x10 | 0x20;
    internal const int LockExclusiveNow = 2 | 4;
    internal const int SetNow = 0;
    internal const int ModemDtr = 2;
    internal const int ModemRts = 4;

    internal const int NoEntry = 2;
    internal const int Interrupted = 4;
    internal const int InputOutputError = 5;
    internal const int NoDevice = 6;
    internal const int AccessDenied = 13;
    internal const int Busy = 16;
    internal const int NoSuchDevice = 19;

    /// <summary>Bytes enough for either system's termios.</summary>
    internal const int TermiosBytes = 128;

    private static readonly bool Mac = OperatingSystem.IsMacOS();

    internal static int NoControllingTerminal { get; } = Mac ? 0x20000 : 0x100;

    internal static int NonBlocking { get; } = Mac ? 0x4 : 0x800;

    internal static int CloseOnExec { get; } = Mac ? 0x1000000 : 0x80000;

    internal static int TryAgain { get; } = Mac ? 35 : 11;

    internal static nuint SetExclusive { get; } = Mac ? 0x2000740Du : 0x540Cu;

    internal static nuint ClearExclusive { get; } = Mac ? 0x2000740Eu : 0x540Du;

    /// <summary>How a master is opened. macOS takes no other flags there.</summary>
    internal static int MasterFlags { get; } = ReadWrite | NoControllingTerminal | (Mac ? 0 : NonBlocking | CloseOnExec);

    internal static nuint SetModemLines { get; } = Mac ? 0x8004746Cu : 0x5416u;

    internal static nuint ClearModemLines { get; } = Mac ? 0x8004746Bu : 0x5417u;

    internal static int InputQueue { get; } = Mac ? 1 : 0;

    /// <summary>Offset of <c>c_cflag</c> in termios; its fields are 8 bytes wide on macOS, 4 on Linux.</summary>
    internal static int ControlFlagsOffset { get; } = Mac ? 16 : 8;

    /// <summary>CLOCAL | CREAD: the modem's carrier does not matter, and the receiver is on.</summary>
    internal static uint LocalAndReceive { get; } = Mac ? 0x8800u : 0x880u;

    /// <summary>CSTOPB, CRTSCTS: two stop bits, flow control by RTS and CTS.</summary>
    internal static uint TwoStopBitsAndFlowControl { get; } = Mac ? 0x400u | 0x30000u : 0x40u | 0x80000000u;

    /// <summary>The number by which termios knows a baud rate, or 0 where it does not.</summary>
    internal static nuint SpeedOf(int baudRate) => Mac ? (nuint)baudRate : baudRate switch
    {
        9600 => 0xD,
        19200 => 0xE,
        38400 => 0xF,
        57600 => 0x1001,
        115200 => 0x1002,
        230400 => 0x1003,
        460800 => 0x1004,
        500000 => 0x1005,
        576000 => 0x1006,
        921600 => 0x1007,
        1000000 => 0x1008,
        1152000 => 0x1009,
        1500000 => 0x100A,
        2000000 => 0x100B,
        2500000 => 0x100C,
        3000000 => 0x100D,
        3500000 => 0x100E,
        4000000 => 0x100F,
        _ => 0,
    };

    // open and ioctl are variadic: on the ABI of Apple's ARM a variadic argument goes to the stack, which a plain declaration gets wrong. open needs none here, and the
    // two requests that take a pointer are optional.
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static unsafe partial nint Read(int file, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static unsafe partial nint Write(int file, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(ref PollFile file, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    internal static partial int Lock(int file, int operation);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Control(int file, nuint request, ref int argument);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    internal static unsafe partial int GetAttributes(int file, byte* termios);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    internal static unsafe partial int SetAttributes(int file, int when, byte* termios);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    internal static unsafe partial void MakeRaw(byte* termios);

    [LibraryImport("libc", EntryPoint = "cfsetspeed", SetLastError = true)]
    internal static unsafe partial int SetSpeed(byte* termios, nuint speed);

    [LibraryImport("libc", EntryPoint = "tcflush", SetLastError = true)]
    internal static partial int Flush(int file, int queue);

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    internal static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    internal static partial int GrantSlave(int file);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    internal static partial int UnlockSlave(int file);

    /// <summary>The result lies in memory that the next call overwrites.</summary>
    [LibraryImport("libc", EntryPoint = "ptsname", SetLastError = true)]
    internal static partial nint NameOfSlave(int file);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollFile
    {
        internal int File;
        internal short Events;
        internal short Returned;
    }
}
