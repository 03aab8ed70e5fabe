namespace EdgeMl.Mcu.Link.Server;

/// <summary>What is put on the device. The values are those on the wire.</summary>
public enum TransferTarget : byte
{
    /// <summary>A model that the link runs, in RAM.</summary>
    Model = 0,

    /// <summary>A file of the application.</summary>
    File = 1,
}
