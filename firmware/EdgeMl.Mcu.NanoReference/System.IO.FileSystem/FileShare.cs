namespace System.IO;

[Flags]
public enum FileShare
{
    None = 0x00,
    Read = 0x01,
    Write = 0x02,
    ReadWrite = 0x03,
}
