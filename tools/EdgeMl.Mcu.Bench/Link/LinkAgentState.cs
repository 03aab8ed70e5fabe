using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Agent.Updates;

namespace EdgeMl.Mcu.Bench.Link;

/// <summary>How a device's agent is.</summary>
/// <param name="State">How far its order is.</param>
/// <param name="LastError">Number of the error that ended the order, 0 for none.</param>
/// <param name="Running">The slot whose model runs.</param>
/// <param name="HasModel">Whether a model runs, of a slot or the factory's.</param>
/// <param name="Attempt">Attempt of the last order.</param>
/// <param name="Epoch">Security epoch of the journal.</param>
/// <param name="Inferences">Inferences since the start.</param>
/// <param name="ResultsWaiting">Results that wait to be acknowledged.</param>
/// <param name="ResultsDropped">Results that were given up since the start.</param>
/// <param name="Unverified">Messages whose tag was not right.</param>
/// <param name="Stale">Messages of another session, or not newer than the last one.</param>
/// <param name="Malformed">Messages that were not what the protocol says.</param>
/// <param name="Damaged">Chunks whose hash was not right.</param>
/// <param name="Chunks">Chunks that were taken.</param>
/// <param name="ChunkRequests">Requests for chunks.</param>
/// <param name="ManifestId">Id of the manifest whose model runs, 32 bytes; null where no slot's model runs.</param>
public sealed record LinkAgentState(
    UpdateState State,
    int LastError,
    Slot Running,
    bool HasModel,
    int Attempt,
    int Epoch,
    int Inferences,
    int ResultsWaiting,
    int ResultsDropped,
    int Unverified,
    int Stale,
    int Malformed,
    int Damaged,
    int Chunks,
    int ChunkRequests,
    byte[]? ManifestId);
