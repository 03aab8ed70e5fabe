namespace EdgeMl.Mcu.Agent.Updates;

/// <summary>How far an order is; the states of <c>status</c>.</summary>
public enum UpdateState : byte
{
    /// <summary>There is no order.</summary>
    Idle = 0,

    /// <summary>The manifest is fetched.</summary>
    FetchingManifest = 1,

    /// <summary>The model or a delta is fetched.</summary>
    FetchingModel = 2,

    /// <summary>A delta is applied.</summary>
    ApplyingDelta = 3,

    /// <summary>The stored model is verified as a whole.</summary>
    Verifying = 4,

    /// <summary>The model is loaded and runs its self-test.</summary>
    Trial = 5,

    /// <summary>The device runs the ordered model.</summary>
    Confirmed = 6,

    /// <summary>The attempt failed; the former model runs.</summary>
    Failed = 7,

    /// <summary>The order was refused before anything of the model was written.</summary>
    Refused = 8,
}
