namespace EdgeMl.Mcu.Relay.Client;

/// <summary>Where a rollout stands.</summary>
public enum RolloutState
{
    /// <summary>Devices of the present stage get orders.</summary>
    Running,

    /// <summary>No new orders; devices that have one go on.</summary>
    Paused,

    /// <summary>Updated devices go back to what they ran before.</summary>
    RollingBack,

    /// <summary>Every device has ended.</summary>
    Completed,

    /// <summary>Stopped for good; updated devices keep the model.</summary>
    Aborted,

    /// <summary>Stopped for good; every device that had to go back has ended.</summary>
    RolledBack,
}

/// <summary>Where a device stands in a rollout.</summary>
public enum MemberState
{
    /// <summary>No order yet.</summary>
    Waiting,

    /// <summary>Has an order.</summary>
    Ordered,

    /// <summary>Runs the model.</summary>
    Succeeded,

    /// <summary>Did not take the model, and runs its former one.</summary>
    Failed,

    /// <summary>A later rollout has taken the device over.</summary>
    Superseded,

    /// <summary>The rollout ended before the device did, or the device was revoked.</summary>
    Cancelled,

    /// <summary>Has the order to go back.</summary>
    RollingBack,

    /// <summary>Runs again what it ran before.</summary>
    RolledBack,

    /// <summary>Could not go back.</summary>
    RollbackFailed,
}

/// <summary>What happens when the failure gate trips.</summary>
public enum FailureAction
{
    /// <summary>Updated devices go back.</summary>
    Rollback,

    /// <summary>No new orders until an operator decides.</summary>
    Pause,

    /// <summary>No new orders for good.</summary>
    Abort,
}

/// <summary>How far a stage reaches: either a share or a number of the rollout's devices.</summary>
public sealed record RolloutStage
{
    /// <summary>Percent of the devices, above 0 and up to 100, rounded up to whole devices.</summary>
    public double? Percent { get; init; }

    /// <summary>Number of devices, 1 or more.</summary>
    public int? Count { get; init; }
}

/// <summary>When a rollout goes on to the next stage, and when it stops.</summary>
public sealed record RolloutGates
{
    /// <summary>Percent of the stage's devices that must have succeeded, 0 to 100.</summary>
    public double SuccessPercent { get; init; } = 90;

    /// <summary>Percent of the devices that have ended, above which failures trip the gate, 0 to 100.</summary>
    public double FailurePercent { get; init; } = 10;

    /// <summary>Failures below this number do not trip the gate, 1 or more.</summary>
    public int FailureMinimum { get; init; } = 1;

    /// <summary>Seconds for which the success gate must hold before the next stage begins.</summary>
    public double SoakSeconds { get; init; }

    /// <summary>What happens when the failure gate trips.</summary>
    public FailureAction OnFailure { get; init; } = FailureAction.Rollback;
}

/// <summary>A rollout to be made.</summary>
public sealed record RolloutRequest
{
    /// <summary>A manifest's id, or NAME@VERSION.</summary>
    public required string Artifact { get; init; }

    /// <summary>Which devices.</summary>
    public DeviceQuery Target { get; init; } = new();

    /// <summary>The stages, each reaching further than the one before; the last one is 100 percent if none says so.</summary>
    public IReadOnlyList<RolloutStage> Stages { get; init; } = [];

    /// <summary>The gates between them.</summary>
    public RolloutGates Gates { get; init; } = new();

    /// <summary>How often a device is ordered again after a failure that another attempt may mend, 0 to 20.</summary>
    public int Retries { get; init; } = 3;
}

/// <summary>Devices of a rollout by state.</summary>
public sealed record RolloutCounts
{
    /// <summary>All devices.</summary>
    public required int Total { get; init; }

    /// <summary>Devices of the present stage.</summary>
    public required int InStage { get; init; }

    /// <summary>See <see cref="MemberState.Waiting"/>.</summary>
    public required int Waiting { get; init; }

    /// <summary>See <see cref="MemberState.Ordered"/>.</summary>
    public required int Ordered { get; init; }

    /// <summary>See <see cref="MemberState.Succeeded"/>.</summary>
    public required int Succeeded { get; init; }

    /// <summary>See <see cref="MemberState.Failed"/>.</summary>
    public required int Failed { get; init; }

    /// <summary>See <see cref="MemberState.Superseded"/>.</summary>
    public required int Superseded { get; init; }

    /// <summary>See <see cref="MemberState.Cancelled"/>.</summary>
    public required int Cancelled { get; init; }

    /// <summary>See <see cref="MemberState.RollingBack"/>.</summary>
    public required int RollingBack { get; init; }

    /// <summary>See <see cref="MemberState.RolledBack"/>.</summary>
    public required int RolledBack { get; init; }

    /// <summary>See <see cref="MemberState.RollbackFailed"/>.</summary>
    public required int RollbackFailed { get; init; }
}

/// <summary>A rollout.</summary>
public sealed record RolloutInfo
{
    /// <summary>Its number; later rollouts have higher ones.</summary>
    public required long Id { get; init; }

    /// <summary>The manifest's id.</summary>
    public required string Artifact { get; init; }

    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The model's version.</summary>
    public required string Version { get; init; }

    /// <summary>Where it stands.</summary>
    public required RolloutState State { get; init; }

    /// <summary>Why it is in this state, for people; may be empty.</summary>
    public required string Reason { get; init; }

    /// <summary>The present stage, from 0.</summary>
    public required int Stage { get; init; }

    /// <summary>All stages.</summary>
    public required IReadOnlyList<RolloutStage> Stages { get; init; }

    /// <summary>The gates.</summary>
    public required RolloutGates Gates { get; init; }

    /// <summary>The target.</summary>
    public required DeviceQuery Target { get; init; }

    /// <summary>Seconds for which the success gate of the present stage has held.</summary>
    public required double SoakedSeconds { get; init; }

    /// <summary>Devices by state.</summary>
    public required RolloutCounts Counts { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>By which API key.</summary>
    public required string CreatedBy { get; init; }
}

/// <summary>A device in a rollout.</summary>
public sealed record RolloutDevice
{
    /// <summary>The device.</summary>
    public required string Device { get; init; }

    /// <summary>Its place, from 0; stages take the first ones.</summary>
    public required int Ordinal { get; init; }

    /// <summary>Where it stands.</summary>
    public required MemberState State { get; init; }

    /// <summary>Number of the order, 0 before the first.</summary>
    public required long Attempt { get; init; }

    /// <summary>Orders in this rollout.</summary>
    public required int Orders { get; init; }

    /// <summary>Error of the last attempt, a number of AgentError; 0 for none.</summary>
    public required int Error { get; init; }

    /// <summary>Name of <see cref="Error"/>; null for none.</summary>
    public string? ErrorName { get; init; }

    /// <summary>Id of the manifest that it ran before; null for none.</summary>
    public string? Previous { get; init; }

    /// <summary>What the device does.</summary>
    public required DeviceState DeviceState { get; init; }

    /// <summary>Chunks of the present blob that it has.</summary>
    public required int ProgressChunks { get; init; }
}
