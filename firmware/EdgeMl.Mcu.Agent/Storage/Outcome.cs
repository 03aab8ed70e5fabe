namespace EdgeMl.Mcu.Agent.Storage;

/// <summary>How an attempt ended. The values are those of the states in <c>status</c> messages.</summary>
public enum Outcome : byte
{
    /// <summary>No attempt ended, or the relay has acknowledged how.</summary>
    None = 0,

    /// <summary>The device runs the ordered model, for good.</summary>
    Confirmed = 6,

    /// <summary>The attempt failed; the device runs the model that it ran before.</summary>
    Failed = 7,

    /// <summary>The order was refused before anything was written to a slot.</summary>
    Refused = 8,
}
