namespace EdgeMl.Mcu.Agent.Storage;

/// <summary>Whole-slot verification, which <see cref="Slots"/> asks for before it relies on what a slot holds.</summary>
public abstract class SlotCheck
{
    /// <summary>
    /// Whether a slot holds the manifest of that id (its SHA-256 is the id) and the whole model that the manifest names (its SHA-256 is the model id).
    /// Reads the slot's files, which need not be open, and changes nothing.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="slot">A or B.</param>
    /// <param name="manifestId">32 bytes, valid during the call.</param>
    /// <returns>False also where a file could not be read.</returns>
    public abstract bool IsWhole(FileStore store, Slot slot, byte[] manifestId);
}
