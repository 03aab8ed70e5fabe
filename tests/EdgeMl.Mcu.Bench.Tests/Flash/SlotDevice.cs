using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Bench.Flash;

namespace EdgeMl.Mcu.Bench.Tests.Flash;

/// <summary>A device that has the order to run a model, with a relay that orders it again where a trial was interrupted; and what must hold at its start and in its end.</summary>
internal sealed class SlotDevice
{
    // What is announced: the attempt of an outcome that the relay has, the attempt that began a trial, whether the ordered model is confirmed, and the blocks
    // of the model, one bit each, that were written in an attempt.
    private const int Acknowledged = 0;
    private const int Tried = 1;
    private const int Confirmed = 2;
    private const int Blocks = 3;

    private readonly StoredModel? _former;
    private readonly StoredModel _wanted;
    private readonly bool _rollBack;

    /// <param name="former">The model that ran before, null for none.</param>
    /// <param name="wanted">The model ordered.</param>
    /// <param name="rollBack">The order is to go back to the other slot.</param>
    public SlotDevice(StoredModel? former, StoredModel wanted, bool rollBack = false)
    {
        _former = former;
        _wanted = wanted;
        _rollBack = rollBack;
    }

    /// <summary>Starts the device, carries the order out, and checks.</summary>
    public void Run(FileStore store) => Run(store, new Announcements());

    /// <summary>Starts the device, carries the order out, and checks that nothing which it announced is undone.</summary>
    public void Run(FileStore store, Announcements announced)
    {
        Slots slots = Start(store, announced);
        Execute(slots, store, announced);
        if (slots.State.Outcome != Outcome.None)
        {
            Must(slots.AcknowledgeOutcome(slots.State.OutcomeAttempt));
            announced[Acknowledged] = slots.State.OutcomeAttempt;
        }
        Slots after = Start(store, announced);
        StoredModel? expected = _wanted.PassesSelfTest ? _wanted : _former;
        Require(RunningModel(after, store) == expected, "the device does not end on the model that it should");
        Require(after.Target == Slot.None, "an update is still going on");
        if (_former is not null && _wanted.PassesSelfTest)
            Require(IsIntact(store, Slots.Other(after.Running), _former), "the former model is damaged");
        if (!_wanted.PassesSelfTest)
            Require(after.State.WasRefused(_wanted.Id, 0, after.State.RefusedAttempt) && after.State.RefusedError == (int)AgentError.SelfTest, "the failure is not in the journal");
    }

    /// <summary>Brings the order to where it waits for its trial.</summary>
    public void RunUntilPending(FileStore store)
    {
        var announced = new Announcements();
        Slots slots = Start(store, announced);
        Download(slots, store, 1 + slots.State.RefusedAttempt, announced);
        Must(slots.MarkPending());
    }

    private Slots Start(FileStore store, Announcements announced)
    {
        var slots = new Slots(store, new StoredModelCheck());
        Must(slots.Open());
        StoredModel? running = RunningModel(slots, store);
        Require(running is not null || _former is null, "nothing runs");
        int epoch = Math.Max(_former?.Epoch ?? 0, running == _wanted ? _wanted.Epoch : 0);
        Require(slots.State.Epoch == epoch, $"epoch {slots.State.Epoch}, not {epoch}");
        Require(announced[Confirmed] == 0 || running == _wanted, "a confirmed model is forgotten");
        JournalState state = slots.State;
        Require(announced[Tried] <= Math.Max(state.Attempt, state.RefusedAttempt), "an attempt is forgotten");
        Require(state.Attempt != announced[Tried] || slots.Target == Slot.None, "a trial that began is forgotten");
        Require(state.Outcome == Outcome.None || state.OutcomeAttempt > announced[Acknowledged], "an acknowledged outcome comes back");
        Require(IsAsStated(state, Slot.A, store) && IsAsStated(state, Slot.B, store), "a slot is not whole that the journal says is");
        Require(slots.State.Confirmed == slots.Running, "another slot runs than the confirmed one");
        return slots;
    }

    private void Execute(Slots slots, FileStore store, Announcements announced)
    {
        while (RunningModel(slots, store) != _wanted)
        {
            JournalState state = slots.State;
            int attempt = 1 + state.RefusedAttempt;
            bool refused = state.WasRefused(_wanted.Id, 0, state.RefusedAttempt);
            if (refused && state.RefusedError != (int)AgentError.TrialInterrupted)
                return;
            if (_rollBack)
                Must(slots.RollBackConfirmed(_wanted.Id, 0, attempt));
            else
                Update(slots, store, attempt, announced);
            announced[Confirmed] = RunningModel(slots, store) == _wanted ? 1 : 0;
        }
    }

    private void Update(Slots slots, FileStore store, int attempt, Announcements announced)
    {
        if (slots.State.Pending == Slot.None || !slots.State.Holds(slots.State.Pending, _wanted.Id, 0))
        {
            Download(slots, store, attempt, announced);
            Must(slots.MarkPending());
        }
        Must(slots.BeginTrial());
        announced[Tried] = attempt;
        Must(_wanted.PassesSelfTest ? slots.Confirm(_wanted.Epoch) : slots.RollBack((int)AgentError.SelfTest));
    }

    private void Download(Slots slots, FileStore store, int attempt, Announcements announced)
    {
        Must(slots.BeginUpdate(_wanted.Id, 0, attempt, null));
        Slot target = slots.Target;
        byte[] hashes = [.. _wanted.Manifest.Chunk(_wanted.BlockBytes).SelectMany(StoredModel.HashOf)];
        Fill(store, Slots.ManifestFile(target), _wanted.Manifest, new ListedBlocks(hashes, 0), slots.WriteManifest, null);
        Fill(store, Slots.ModelFile(target), _wanted.Model, new ListedBlocks(_wanted.Manifest, StoredModel.HeadBytes), slots.WriteModel, announced);
    }

    private void Fill(FileStore store, int file, byte[] bytes, BlockCheck check, Func<int, byte[], int, int, AgentError> write, Announcements? announced)
    {
        var map = new BlockMap(64);
        Require(map.Reset(bytes.Length, _wanted.BlockBytes), "too many blocks");
        map.Scan(store, file, check, new byte[_wanted.BlockBytes]);
        for (int block = 0; block < map.Count; block++)
            Require(announced is null || (announced[Blocks] >> block & 1) == 0 || map.IsPresent(block), $"block {block} is lost");
        // Out of order, as chunks come: the second of each pair before the first.
        for (int i = 0; i < map.Count; i++)
        {
            int block = (i ^ 1) < map.Count ? i ^ 1 : i;
            if (map.IsPresent(block))
                continue;
            Must(write(block * map.BlockBytes, bytes, block * map.BlockBytes, map.LengthOf(block)));
            map.Add(block);
            if (announced is not null)
                announced[Blocks] |= 1L << block;
        }
    }

    /// <summary>Which of the two models runs; anything else is wrong.</summary>
    private StoredModel? RunningModel(Slots slots, FileStore store)
    {
        if (slots.Running == Slot.None)
            return null;
        StoredModel? running = IsIntact(store, slots.Running, _wanted) ? _wanted : IsIntact(store, slots.Running, _former) ? _former : null;
        Require(running is not null, "the model that runs is neither the old one nor the new one");
        return running;
    }

    private static bool IsAsStated(JournalState state, Slot slot, FileStore store)
    {
        byte[] id = new byte[JournalLayout.IdBytes];
        state.CopyManifestId(slot, id, 0);
        return state.State(slot) is not (SlotState.Whole or SlotState.Proven) || new StoredModelCheck().IsWhole(store, slot, id);
    }

    private static bool IsIntact(FileStore store, Slot slot, StoredModel? model) =>
        model is not null && store.ReadAll(Slots.ModelFile(slot)) is { } bytes && bytes.AsSpan().SequenceEqual(model.Model)
        && store.ReadAll(Slots.ManifestFile(slot)) is { } manifest && manifest.AsSpan().SequenceEqual(model.Manifest);

    private static void Must(AgentError error) => Require(error == AgentError.None, $"error {error}");

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException(otherwise);
    }
}
