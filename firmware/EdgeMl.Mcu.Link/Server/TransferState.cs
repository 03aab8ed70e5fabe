namespace EdgeMl.Mcu.Link.Server;

/// <summary>How far a transfer is. The values are those on the wire.</summary>
public enum TransferState : byte
{
    /// <summary>There is none.</summary>
    None = 0,

    /// <summary>Blocks are expected.</summary>
    Receiving = 1,

    /// <summary>The model is loaded, or the file is stored.</summary>
    Complete = 2,
}
