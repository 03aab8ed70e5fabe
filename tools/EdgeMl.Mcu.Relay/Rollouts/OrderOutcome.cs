namespace EdgeMl.Mcu.Relay.Rollouts;

/// <summary>What became of an order.</summary>
internal enum OrderOutcome
{
    /// <summary>Nothing yet.</summary>
    Open,

    /// <summary>The device runs what it should.</summary>
    Succeeded,

    /// <summary>The device did not take it and would not take it another time.</summary>
    Failed,

    /// <summary>The device did not take it; another attempt may end better.</summary>
    FailedForNow,
}
