using L = EdgeMl.Mcu.Agent.Storage.JournalLayout;

namespace EdgeMl.Mcu.Agent.Storage;

/// <summary>
/// The two model slots. One is confirmed and never written to; the other one is filled (<see cref="SlotState.Receiving"/>), verified and pending
/// (<see cref="SlotState.Whole"/>), tried, and then confirmed (<see cref="SlotState.Proven"/>) or not (<see cref="SlotState.Failed"/>). Each transition is one
/// journal record, so a power cut comes before it or after it. A member that returns an error changed nothing but, where that says so, files of the slot
/// that is being filled.
/// </summary>
/// <remarks>
/// After a reboot: <see cref="Open"/>; if <see cref="Target"/> is not none, an update goes on: a slot that is receiving is searched with <see cref="BlockMap.Scan"/>,
/// a pending one goes to its trial.
/// </remarks>
public sealed class Slots
{
    /// <summary>Trials of a pending slot. A trial that a reboot ended counts: the model may have caused it.</summary>
    public const int TrialsMax = 1;

    private readonly FileStore _store;
    private readonly SlotCheck _check;
    private readonly Journal _journal;
    private readonly byte[] _id = new byte[L.IdBytes];

    /// <summary>Creates the slots of a store; <see cref="Open"/> comes before anything else.</summary>
    /// <param name="store">The store.</param>
    /// <param name="check">Verifies a slot as a whole.</param>
    public Slots(FileStore store, SlotCheck check)
    {
        _store = store;
        _check = check;
        _journal = new Journal(store);
    }

    /// <summary>What the journal says.</summary>
    public JournalState State => _journal.State;

    /// <summary>The slot whose model runs, verified as a whole when <see cref="Open"/> chose it.</summary>
    public Slot Running { get; private set; }

    /// <summary>The slot that is being filled, pending or in its trial.</summary>
    public Slot Target
    {
        get
        {
            if (State.Pending != Slot.None)
                return State.Pending;
            if (State.State(Slot.A) == SlotState.Receiving)
                return Slot.A;
            return State.State(Slot.B) == SlotState.Receiving ? Slot.B : Slot.None;
        }
    }

    /// <summary>File of a slot's model.</summary>
    /// <param name="slot">A or B.</param>
    public static int ModelFile(Slot slot)
    {
        return slot == Slot.B ? StoreFile.ModelB : StoreFile.ModelA;
    }

    /// <summary>File of a slot's manifest blob.</summary>
    /// <param name="slot">A or B.</param>
    public static int ManifestFile(Slot slot)
    {
        return slot == Slot.B ? StoreFile.ManifestB : StoreFile.ManifestA;
    }

    /// <summary>The other slot.</summary>
    /// <param name="slot">A or B.</param>
    public static Slot Other(Slot slot)
    {
        return slot == Slot.B ? Slot.A : Slot.B;
    }

    /// <summary>
    /// Reads the journal and decides what runs, after any crash. A trial that did not end is a failed attempt. The confirmed slot runs; where it is damaged, the other
    /// one takes its place if its model passed a trial, is whole, and its epoch is not below the device's; else nothing runs.
    /// </summary>
    /// <returns>
    /// <see cref="AgentError.Journal"/>: nothing is known, nothing may be written. <see cref="AgentError.Storage"/>: <see cref="Running"/> is right, but the
    /// decision could not be recorded.
    /// </returns>
    public AgentError Open()
    {
        Running = Slot.None;
        AgentError error = _journal.Open();
        if (error != AgentError.None)
            return error;
        if (State.Pending != Slot.None && State.Trials >= TrialsMax)
            error = RollBack((int)AgentError.TrialInterrupted);
        Slot confirmed = State.Confirmed;
        if (confirmed == Slot.None)
            return error;
        if (IsWhole(confirmed))
        {
            Running = confirmed;
            return error;
        }
        Slot other = Other(confirmed);
        if (!IsRunnable(other))
            return error;
        Running = other;
        State.Confirmed = other;
        return _journal.Commit() ? error : AgentError.Storage;
    }

    /// <summary>
    /// Starts or resumes filling the slot that does not run. What it holds of the same manifest is kept; else its files become empty. An update that was
    /// going on is over without an outcome.
    /// </summary>
    /// <param name="id">Buffer with the manifest id.</param>
    /// <param name="index">First of its 32 bytes.</param>
    /// <param name="attempt">Attempt of the order.</param>
    /// <param name="wrappedKey">24 bytes where the model is encrypted, else null.</param>
    /// <returns><see cref="AgentError.Storage"/> where the store failed; the slot may have lost what it held.</returns>
    public AgentError BeginUpdate(byte[] id, int index, int attempt, byte[] wrappedKey)
    {
        Slot slot = SlotToFill(id, index);
        bool same = State.Holds(slot, id, index);
        if (same && State.State(slot) == SlotState.Receiving && State.Pending == Slot.None && State.Attempt == attempt && State.HasWrappedKey(slot, wrappedKey))
            return AgentError.None;
        if (!same && !Empty(slot))
            return AgentError.Storage;
        EndTarget();
        State.SetState(slot, SlotState.Receiving);
        State.SetManifestId(slot, id, index);
        State.SetWrappedKey(slot, wrappedKey);
        State.Attempt = attempt;
        return Commit();
    }

    /// <summary>Writes to the model of the slot that is being filled, and makes it durable. The caller has verified the bytes.</summary>
    /// <param name="offset">First byte of the model, 0 or more.</param>
    /// <param name="buffer">Where the bytes come from.</param>
    /// <param name="index">The first of them.</param>
    /// <param name="count">Number of bytes.</param>
    /// <returns><see cref="AgentError.Storage"/> where the store failed or is full, or no slot is being filled.</returns>
    public AgentError WriteModel(int offset, byte[] buffer, int index, int count)
    {
        return Write(ModelFile(Target), offset, buffer, index, count);
    }

    /// <summary>Writes to the manifest blob of the slot that is being filled, and makes it durable. The caller has verified the bytes.</summary>
    /// <param name="offset">First byte of the blob, 0 or more.</param>
    /// <param name="buffer">Where the bytes come from.</param>
    /// <param name="index">The first of them.</param>
    /// <param name="count">Number of bytes.</param>
    /// <returns><see cref="AgentError.Storage"/> where the store failed or is full, or no slot is being filled.</returns>
    public AgentError WriteManifest(int offset, byte[] buffer, int index, int count)
    {
        return Write(ManifestFile(Target), offset, buffer, index, count);
    }

    /// <summary>Verifies the slot that was filled as a whole, and records that it waits for its trial.</summary>
    /// <returns><see cref="AgentError.ModelHash"/> where it is not whole, <see cref="AgentError.Storage"/> where the store failed or no slot is being filled.</returns>
    public AgentError MarkPending()
    {
        Slot slot = Target;
        if (slot == Slot.None || State.Pending != Slot.None)
            return slot == Slot.None ? AgentError.Storage : AgentError.None;
        if (!IsWhole(slot))
            return AgentError.ModelHash;
        _store.Close(ModelFile(slot));
        _store.Close(ManifestFile(slot));
        State.SetState(slot, SlotState.Whole);
        State.Pending = slot;
        State.Trials = 0;
        return Commit();
    }

    /// <summary>Records that the pending slot's trial begins, before its model is loaded.</summary>
    /// <returns><see cref="AgentError.TrialInterrupted"/> where it had its trials, <see cref="AgentError.Storage"/> where the store failed or no slot is pending.</returns>
    public AgentError BeginTrial()
    {
        if (State.Pending == Slot.None)
            return AgentError.Storage;
        if (State.Trials >= TrialsMax)
            return AgentError.TrialInterrupted;
        State.Trials++;
        return Commit();
    }

    /// <summary>Ends the trial well: in one record the slot is confirmed, the device's epoch rises to the model's, and the outcome waits to be reported.</summary>
    /// <param name="epoch">Security epoch of the manifest. A lower one than the device's leaves the device's.</param>
    /// <returns><see cref="AgentError.Storage"/> where the store failed or no trial began; the former model stays the confirmed one.</returns>
    public AgentError Confirm(int epoch)
    {
        Slot slot = State.Pending;
        if (slot == Slot.None || State.Trials == 0)
            return AgentError.Storage;
        State.Pending = Slot.None;
        State.Trials = 0;
        State.Confirmed = slot;
        State.SetState(slot, SlotState.Proven);
        State.SetSlotEpoch(slot, epoch);
        if (epoch > State.Epoch)
            State.Epoch = epoch;
        State.SetOutcome(Outcome.Confirmed, State.Attempt, 0);
        if (!_journal.Commit())
            return AgentError.Storage;
        Running = slot;
        return AgentError.None;
    }

    /// <summary>Ends the attempt badly: the confirmed slot stays, the outcome waits to be reported.</summary>
    /// <param name="error">Number of an <see cref="AgentError"/> or <see cref="Runtime.Error"/>, 1 to 255.</param>
    /// <returns><see cref="AgentError.Storage"/> where the store failed or there is no attempt.</returns>
    public AgentError RollBack(int error)
    {
        Slot slot = Target;
        if (slot == Slot.None)
            return AgentError.Storage;
        _store.Close(ModelFile(slot));
        _store.Close(ManifestFile(slot));
        EndTarget();
        State.SetState(slot, SlotState.Failed);
        State.CopyManifestId(slot, _id, 0);
        State.SetRefused(_id, 0, State.Attempt, error);
        State.SetOutcome(Outcome.Failed, State.Attempt, error);
        return Commit();
    }

    /// <summary>Goes back to the other slot on order, if it holds this manifest, passed a trial, is whole, and its epoch is not below the device's.</summary>
    /// <param name="id">Buffer with the manifest id.</param>
    /// <param name="index">First of its 32 bytes.</param>
    /// <param name="attempt">Attempt of the order.</param>
    /// <returns><see cref="AgentError.NoOtherSlot"/> where it is not so, <see cref="AgentError.Epoch"/>, or <see cref="AgentError.Storage"/>.</returns>
    public AgentError RollBackConfirmed(byte[] id, int index, int attempt)
    {
        if (Running == Slot.None)
            return AgentError.NoOtherSlot;
        Slot other = Other(Running);
        if (!State.Holds(other, id, index) || State.State(other) != SlotState.Proven)
            return AgentError.NoOtherSlot;
        if (State.SlotEpoch(other) < State.Epoch)
            return AgentError.Epoch;
        if (!IsWhole(other))
            return AgentError.NoOtherSlot;
        State.Confirmed = other;
        State.Attempt = attempt;
        State.SetOutcome(Outcome.Confirmed, attempt, 0);
        if (!_journal.Commit())
            return AgentError.Storage;
        Running = other;
        return AgentError.None;
    }

    /// <summary>Records that an order was refused before anything was written to a slot. An update that was going on stays as it is.</summary>
    /// <param name="id">Buffer with the manifest id.</param>
    /// <param name="index">First of its 32 bytes.</param>
    /// <param name="attempt">Attempt of the order.</param>
    /// <param name="error">Number of an <see cref="AgentError"/>, 1 to 255.</param>
    /// <returns><see cref="AgentError.Storage"/> where the store failed.</returns>
    public AgentError Refuse(byte[] id, int index, int attempt, int error)
    {
        State.SetRefused(id, index, attempt, error);
        State.SetOutcome(Outcome.Refused, attempt, error);
        return Commit();
    }

    /// <summary>Records that an attempt needs nothing because its model runs already. An update that was going on is over without an outcome.</summary>
    /// <param name="attempt">Attempt of the order.</param>
    /// <returns><see cref="AgentError.Storage"/> where the store failed.</returns>
    public AgentError ConfirmRunning(int attempt)
    {
        EndTarget();
        State.Attempt = attempt;
        State.SetOutcome(Outcome.Confirmed, attempt, 0);
        return Commit();
    }

    /// <summary>Forgets an outcome that the relay has stored.</summary>
    /// <param name="attempt">Attempt of the outcome; another one changes nothing.</param>
    /// <returns><see cref="AgentError.Storage"/> where the store failed; the outcome will be reported again.</returns>
    public AgentError AcknowledgeOutcome(int attempt)
    {
        if (State.Outcome == Outcome.None || State.OutcomeAttempt != attempt)
            return AgentError.None;
        State.SetOutcome(Outcome.None, attempt, 0);
        return Commit();
    }

    /// <summary>Replaces the trusted publisher key. The caller has verified the rotation.</summary>
    /// <param name="key">Buffer with the public key.</param>
    /// <param name="index">First of its 52 bytes.</param>
    /// <param name="generation">Its generation, 0 for the first.</param>
    /// <returns><see cref="AgentError.Storage"/> where the store failed; the former key stays.</returns>
    public AgentError SetPublisherKey(byte[] key, int index, int generation)
    {
        State.SetPublisherKey(key, index);
        State.KeyGeneration = generation;
        return Commit();
    }

    /// <summary>The slot that neither runs nor is confirmed. Where there is no such slot yet: the one that holds the manifest, is being filled, or A.</summary>
    private Slot SlotToFill(byte[] id, int index)
    {
        if (Running != Slot.None)
            return Other(Running);
        if (State.Confirmed != Slot.None)
            return Other(State.Confirmed);
        if (State.Holds(Slot.B, id, index))
            return Slot.B;
        return Target == Slot.None || State.Holds(Slot.A, id, index) ? Slot.A : Target;
    }

    private bool Empty(Slot slot)
    {
        if (State.State(slot) != SlotState.Empty)
        {
            EndTarget();
            State.SetState(slot, SlotState.Empty);
            State.SetSlotEpoch(slot, 0);
            if (!_journal.Commit())
                return false;
        }
        return Recreate(ModelFile(slot)) && Recreate(ManifestFile(slot));
    }

    /// <summary>Makes a file durably empty. Without the flush, what was deleted might come back under the slot's next manifest.</summary>
    private bool Recreate(int file)
    {
        return _store.Delete(file) && _store.Open(file) && _store.Flush(file);
    }

    /// <summary>Ends what is going on in the state, as part of the next record, and takes what runs for confirmed where that could not be recorded before.</summary>
    private void EndTarget()
    {
        Slot target = Target;
        if (target != Slot.None)
            State.SetState(target, SlotState.Failed);
        State.Pending = Slot.None;
        State.Trials = 0;
        if (Running != Slot.None)
            State.Confirmed = Running;
    }

    private AgentError Write(int file, int offset, byte[] buffer, int index, int count)
    {
        Slot target = Target;
        if (target == Slot.None || State.Pending != Slot.None)
            return AgentError.Storage;
        return _store.Open(file) && _store.Write(file, offset, buffer, index, count) && _store.Flush(file) ? AgentError.None : AgentError.Storage;
    }

    private AgentError Commit()
    {
        return _journal.Commit() ? AgentError.None : AgentError.Storage;
    }

    private bool IsWhole(Slot slot)
    {
        State.CopyManifestId(slot, _id, 0);
        return _check.IsWhole(_store, slot, _id);
    }

    private bool IsRunnable(Slot slot)
    {
        return State.State(slot) == SlotState.Proven && State.SlotEpoch(slot) >= State.Epoch && IsWhole(slot);
    }
}
