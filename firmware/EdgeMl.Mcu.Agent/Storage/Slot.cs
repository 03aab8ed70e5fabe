namespace EdgeMl.Mcu.Agent.Storage;

/// <summary>A place for one model and its manifest. The values are those in the journal.</summary>
public enum Slot : byte
{
    /// <summary>No slot.</summary>
    None = 0,

    /// <summary>The slot of <see cref="StoreFile.ModelA"/> and <see cref="StoreFile.ManifestA"/>.</summary>
    A = 1,

    /// <summary>The slot of <see cref="StoreFile.ModelB"/> and <see cref="StoreFile.ManifestB"/>.</summary>
    B = 2,
}
