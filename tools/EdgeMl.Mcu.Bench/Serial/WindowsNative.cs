using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace EdgeMl.Mcu.Bench.Serial;

/// <summary>The functions of kernel32 that a serial port needs.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class WindowsNative
{
    internal const uint GenericReadWrite = 0xC0000000;
    internal const uint OpenExisting = 3;
    internal const uint Overlapped = 0x40000000;
    internal const int AccessDenied = 5;
    internal const int Aborted = 995;
    internal const int Pending = 997;
    internal const uint PurgeInput = 0x2 | 0x8;
    internal const uint SetRts = 3;
    internal const uint ClearRts = 4;
    internal const uint SetDtr = 5;
    internal const uint ClearDtr = 6;

    /// <summary>Bits of <see cref="DeviceControl.Flags"/>: fBinary, fDtrControl = enable, fRtsControl = enable.</summary>
    internal const uint Binary = 1;
    internal const uint DtrEnabled = 1 << 4;
    internal const uint RtsEnabled = 1 << 12;

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    internal static partial SafeFileHandle CreateFile(string name, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    [LibraryImport("kernel32", EntryPoint = "ReadFile", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool ReadFile(SafeFileHandle file, byte* buffer, int length, int* count, NativeOverlapped* overlapped);

    [LibraryImport("kernel32", EntryPoint = "WriteFile", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool WriteFile(SafeFileHandle file, byte* buffer, int length, int* count, NativeOverlapped* overlapped);

    [LibraryImport("kernel32", EntryPoint = "GetOverlappedResult", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool GetOverlappedResult(SafeFileHandle file, NativeOverlapped* overlapped, out int count, [MarshalAs(UnmanagedType.Bool)] bool wait);

    [LibraryImport("kernel32", EntryPoint = "CancelIoEx", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool CancelIoEx(SafeFileHandle file, NativeOverlapped* overlapped);

    [LibraryImport("kernel32", EntryPoint = "GetCommState", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool GetCommState(SafeFileHandle file, ref DeviceControl control);

    [LibraryImport("kernel32", EntryPoint = "SetCommState", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool SetCommState(SafeFileHandle file, ref DeviceControl control);

    [LibraryImport("kernel32", EntryPoint = "SetCommTimeouts", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool SetCommTimeouts(SafeFileHandle file, ref Timeouts timeouts);

    [LibraryImport("kernel32", EntryPoint = "PurgeComm", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool PurgeComm(SafeFileHandle file, uint flags);

    [LibraryImport("kernel32", EntryPoint = "EscapeCommFunction", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool EscapeCommFunction(SafeFileHandle file, uint function);

    /// <summary>DCB.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct DeviceControl
    {
        internal int Length;
        internal int BaudRate;
        internal uint Flags;
        internal ushort Reserved;
        internal ushort XonLimit;
        internal ushort XoffLimit;
        internal byte ByteSize;
        internal byte Parity;
        internal byte StopBits;
        internal byte XonCharacter;
        internal byte XoffCharacter;
        internal byte ErrorCharacter;
        internal byte EndCharacter;
        internal byte EventCharacter;
        internal ushort Reserved1;
    }

    /// <summary>COMMTIMEOUTS.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Timeouts
    {
        internal int ReadInterval;
        internal int ReadMultiplier;
        internal int ReadConstant;
        internal int WriteMultiplier;
        internal int WriteConstant;
    }
}
