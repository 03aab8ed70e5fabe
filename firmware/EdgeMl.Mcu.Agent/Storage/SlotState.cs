namespace EdgeMl.Mcu.Agent.Storage;

/// <summary>What the journal says of a slot. The values are those in the journal.</summary>
public enum SlotState : byte
{
    /// <summary>The slot holds nothing of use.</summary>
    Empty = 0,

    /// <summary>The slot is being filled with what its manifest id names; any part may be missing.</summary>
    Receiving = 1,

    /// <summary>The slot was verified as a whole; its model has not passed a trial.</summary>
    Whole = 2,

    /// <summary>The model passed its trial: it is the confirmed one, or was before the confirmed one.</summary>
    Proven = 3,

    /// <summary>The update into the slot failed. What arrived is kept, and used if the same manifest is ordered again.</summary>
    Failed = 4,
}
