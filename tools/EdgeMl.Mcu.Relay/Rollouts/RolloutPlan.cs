using System.Diagnostics.CodeAnalysis;
using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Relay.Rollouts;

/// <summary>What a rollout was made with. Immutable.</summary>
internal sealed record RolloutPlan
{
    /// <summary>Stages at most.</summary>
    public const int StagesMax = 32;

    private const int RetriesMax = 20;
    private const double SoakSecondsMax = 366 * 86_400.0;

    /// <summary>The stages; the last one reaches all devices.</summary>
    public required IReadOnlyList<RolloutStage> Stages { get; init; }

    /// <summary>The gates.</summary>
    public required RolloutGates Gates { get; init; }

    /// <summary>Orders after the first one for a device whose failure another attempt may mend.</summary>
    public required int Retries { get; init; }

    /// <summary>Checks a request and completes its stages.</summary>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.BadRequest"/>.</exception>
    public static RolloutPlan From(RolloutRequest request)
    {
        ArgumentNullException.ThrowIfNull(request.Stages);
        ArgumentNullException.ThrowIfNull(request.Gates);
        RolloutGates gates = request.Gates;
        RequirePercent(gates.SuccessPercent, "successPercent");
        RequirePercent(gates.FailurePercent, "failurePercent");
        Require(gates.FailureMinimum >= 1, $"failureMinimum is {gates.FailureMinimum}; it is 1 or more.");
        Require(gates.SoakSeconds is >= 0 and <= SoakSecondsMax, $"soakSeconds is {gates.SoakSeconds}; it is 0 to {SoakSecondsMax:0}.");
        Require(Enum.IsDefined(gates.OnFailure), "onFailure is rollback, pause or abort.");
        Require(request.Retries is >= 0 and <= RetriesMax, $"retries is {request.Retries}; it is 0 to {RetriesMax}.");
        Require(request.Stages.Count < StagesMax, $"There are {request.Stages.Count} stages; at most {StagesMax - 1} are allowed.");
        List<RolloutStage> stages = [.. request.Stages];
        for (int i = 0; i < stages.Count; i++)
            RequireStage(stages[i], i > 0 ? stages[i - 1] : null, i);
        if (stages.Count == 0 || stages[^1].Percent != 100)
            stages.Add(new RolloutStage { Percent = 100 });
        return new RolloutPlan { Stages = stages, Gates = gates, Retries = request.Retries };
    }

    /// <summary>How many devices a stage and the ones before it reach.</summary>
    /// <param name="stage">The stage, from 0.</param>
    /// <param name="total">Devices of the rollout.</param>
    /// <returns>0 to <paramref name="total"/>; grows with both arguments.</returns>
    public int Reach(int stage, int total)
    {
        int reach = 0;
        for (int i = 0; i <= stage && i < Stages.Count; i++)
            reach = Math.Max(reach, Reach(Stages[i], total));
        return reach;
    }

    private static int Reach(RolloutStage stage, int total) =>
        stage.Count is { } count ? Math.Min(count, total) : (int)Math.Min(total, Math.Ceiling((stage.Percent!.Value * total / 100) - 1e-9));

    private static void RequireStage([NotNull] RolloutStage? stage, RolloutStage? before, int index)
    {
        Require(stage is not null, $"Stage {index + 1} is null.");
        Require((stage.Percent is null) != (stage.Count is null), $"Stage {index + 1} needs either percent or count.");
        Require(stage.Percent is null or (> 0 and <= 100), $"Stage {index + 1} has {stage.Percent} percent; it is above 0 and up to 100.");
        Require(stage.Count is null or >= 1, $"Stage {index + 1} has a count of {stage.Count}; it is 1 or more.");
        Require(before is null || !(stage.Percent <= before.Percent) && !(stage.Count <= before.Count), $"Stage {index + 1} does not reach further than the one before.");
    }

    private static void RequirePercent(double value, string name) => Require(value is >= 0 and <= 100, $"{name} is {value}; it is 0 to 100.");

    private static void Require([DoesNotReturnIf(false)] bool isMet, string message)
    {
        if (!isMet)
            throw new RelayException(RelayErrorCodes.BadRequest, message, "Correct the rollout's stages or gates.");
    }
}
