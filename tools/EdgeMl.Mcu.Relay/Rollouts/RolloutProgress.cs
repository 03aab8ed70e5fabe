using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Relay.Rollouts;

/// <summary>Where a rollout stands. Immutable.</summary>
/// <param name="State">The state.</param>
/// <param name="Stage">The stage, from 0.</param>
/// <param name="Soaked">For how long the success gate of the stage has held.</param>
/// <param name="AcceptedFailures">Failures that an operator has seen and gone on from.</param>
/// <param name="Reason">Why it is in this state, for people.</param>
internal sealed record RolloutProgress(RolloutState State, int Stage, TimeSpan Soaked, int AcceptedFailures, string Reason)
{
    /// <summary>A new rollout.</summary>
    public static RolloutProgress Initial { get; } = new(RolloutState.Running, 0, TimeSpan.Zero, 0, string.Empty);

    /// <summary>Whether nothing can happen any more.</summary>
    public bool HasEnded => State is RolloutState.Completed or RolloutState.Aborted or RolloutState.RolledBack;
}
