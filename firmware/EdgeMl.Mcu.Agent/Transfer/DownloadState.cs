namespace EdgeMl.Mcu.Agent.Transfer;

/// <summary>How far a download is.</summary>
public enum DownloadState : byte
{
    /// <summary>There is none.</summary>
    Idle = 0,

    /// <summary>What is in flash already is compared with the hashes.</summary>
    Scanning = 1,

    /// <summary>Chunks are missing and asked for.</summary>
    Fetching = 2,

    /// <summary>All chunks are in flash.</summary>
    Complete = 3,

    /// <summary>It cannot go on.</summary>
    Failed = 4,
}
