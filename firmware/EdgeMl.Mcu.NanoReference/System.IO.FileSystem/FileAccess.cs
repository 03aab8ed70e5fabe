namespace System.IO;

[Flags]
public enum FileAccess
{
    Read = 0x01,
    Write = 0x02,
    ReadWrite = 0x03,
}
