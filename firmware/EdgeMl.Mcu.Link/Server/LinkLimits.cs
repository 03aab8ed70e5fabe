namespace EdgeMl.Mcu.Link.Server;

/// <summary>What a link server is made with.</summary>
public sealed class LinkLimits
{
    /// <summary>
    /// Size of the largest frame, <see cref="Framing.FrameFormat.FrameBytesMin"/> to <see cref="Framing.FrameFormat.FrameBytesMax"/>. About twice as much RAM is taken at construction.
    /// </summary>
    public int FrameBytes { get; set; } = Framing.FrameFormat.FrameBytesDefault;

    /// <summary>Bytes of the longest model that is taken; less where there is less free memory. nanoFramework makes no array of more than about 780,000 bytes.</summary>
    public int ModelBytesMax { get; set; } = 640 * 1024;

    /// <summary>Bytes of the longest file that is taken.</summary>
    public int FileBytesMax { get; set; } = 1024 * 1024;
}
