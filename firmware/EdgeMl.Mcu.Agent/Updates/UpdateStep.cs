namespace EdgeMl.Mcu.Agent.Updates;

/// <summary>What an update does next.</summary>
internal enum UpdateStep : byte
{
    /// <summary>Nothing: there is no update.</summary>
    None = 0,

    FetchManifest = 1,

    FetchDelta = 2,

    ApplyDelta = 3,

    FetchModel = 4,

    Verify = 5,

    Trial = 6,
}
