namespace System.IO;

[Flags]
public enum FileAttributes
{
    ReadOnly = 0x01,
    Hidden = 0x02,
    System = 0x04,
    Directory = 0x10,
    Archive = 0x20,
    Normal = 0x80,
}
