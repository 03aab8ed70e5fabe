using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Bench.Flash;

namespace EdgeMl.Mcu.Agent.Tests.Storage;

public class SlotsTests
{
    private static readonly TestModel V1 = new(1);
    private static readonly TestModel V2 = new(2, length: 200);
    private static readonly TestModel V3 = new(3);

    private readonly SimulatedFiles _files = new();

    [Fact]
    public void Updates_go_to_the_slot_that_does_not_run()
    {
        Slots slots = Opened();
        Assert.Equal(Slot.None, slots.Running);

        foreach ((TestModel model, Slot slot) in new[] { (V1, Slot.A), (V2, Slot.B), (V3, Slot.A) })
        {
            Update(slots, model, attempt: 1, epoch: 0);
            Assert.Equal(slot, slots.Running);
            slots = Opened();
            Assert.Equal(slot, slots.Running);
            Assert.True(model.IsIn(_files, slot));
            Assert.Equal(SlotState.Proven, slots.State.State(slot));
        }
        Assert.True(V2.IsIn(_files, Slot.B));
    }

    [Fact]
    public void Nothing_is_written_but_to_a_slot_that_is_being_filled()
    {
        Slots slots = Opened();
        Assert.Equal(AgentError.Storage, slots.WriteModel(0, V1.Bytes, 0, 10));
        Update(slots, V1, attempt: 1, epoch: 0);
        Assert.Equal(AgentError.Storage, slots.WriteModel(0, V2.Bytes, 0, 10));
        Fill(slots, V2, attempt: 2);
        Ok(slots.MarkPending());
        Assert.Equal(AgentError.Storage, slots.WriteModel(0, V3.Bytes, 0, 10));
        Assert.Equal(AgentError.Storage, slots.WriteManifest(0, V3.Bytes, 0, 10));
        Assert.True(V1.IsIn(_files, Slot.A) && V2.IsIn(_files, Slot.B));
    }

    [Fact]
    public void A_slot_that_is_not_whole_does_not_become_pending()
    {
        Slots slots = Opened();
        Assert.Equal(AgentError.Storage, slots.MarkPending());
        Fill(slots, V1, attempt: 1);
        Ok(slots.WriteModel(299, [(byte)~V1.Bytes[299]], 0, 1));

        Assert.Equal(AgentError.ModelHash, slots.MarkPending());

        Assert.Equal(Slot.A, slots.Target);
        Assert.Equal(Slot.None, Opened().State.Pending);
    }

    [Fact]
    public void A_model_is_confirmed_after_its_trial_only()
    {
        Slots slots = Opened();
        Assert.Equal(AgentError.Storage, slots.Confirm(1));
        Fill(slots, V1, attempt: 1);
        Assert.Equal(AgentError.Storage, slots.BeginTrial());
        Ok(slots.MarkPending());
        Assert.Equal(AgentError.Storage, slots.Confirm(1));
        Ok(slots.BeginTrial());
        Assert.Equal(AgentError.TrialInterrupted, slots.BeginTrial());
        Ok(slots.Confirm(1));
    }

    [Fact]
    public void A_restart_before_the_trial_leaves_it_pending()
    {
        Slots slots = Opened();
        Fill(slots, V1, attempt: 1);
        Ok(slots.MarkPending());

        slots = Opened();

        Assert.Equal(Slot.A, slots.Target);
        Assert.Equal(Slot.A, slots.State.Pending);
        Ok(slots.BeginTrial());
        Ok(slots.Confirm(0));
    }

    [Fact]
    public void A_restart_in_the_trial_goes_back_and_reports_it_until_it_is_acknowledged()
    {
        Slots slots = Opened();
        Update(slots, V1, attempt: 1, epoch: 0);
        Fill(slots, V2, attempt: 2);
        Ok(slots.MarkPending());
        Ok(slots.BeginTrial());

        for (int i = 0; i < 2; i++)
        {
            slots = Opened();
            Assert.Equal(Slot.A, slots.Running);
            Assert.Equal(Slot.None, slots.Target);
            Assert.Equal((Outcome.Failed, 2, (int)AgentError.TrialInterrupted), (slots.State.Outcome, slots.State.OutcomeAttempt, slots.State.OutcomeError));
            Assert.True(slots.State.WasRefused(V2.Id, 0, 2));
            Assert.False(slots.State.WasRefused(V2.Id, 0, 3));
            Ok(slots.AcknowledgeOutcome(1));
        }
        Ok(slots.AcknowledgeOutcome(2));
        Assert.Equal(Outcome.None, Opened().State.Outcome);
        Assert.True(Opened().State.WasRefused(V2.Id, 0, 2));
    }

    [Fact]
    public void What_arrived_of_a_manifest_is_kept_for_the_same_one_and_dropped_for_another()
    {
        Slots slots = Opened();
        Ok(slots.BeginUpdate(V1.Id, 0, 1, null));
        Ok(slots.WriteModel(0, V1.Bytes, 0, 100));
        Ok(slots.RollBack((int)AgentError.StorageFull));
        Assert.Equal(SlotState.Failed, slots.State.State(Slot.A));

        slots = Opened();
        int sequence = Sequence();
        Ok(slots.BeginUpdate(V1.Id, 0, 2, null));
        Assert.Equal(100, _files.Length(StoreFile.ModelA));
        Ok(slots.BeginUpdate(V1.Id, 0, 2, null));
        Assert.Equal(sequence + 1, Sequence());

        Ok(slots.BeginUpdate(V2.Id, 0, 3, null));
        Assert.Equal(0, _files.Length(StoreFile.ModelA));
        Assert.True(slots.State.Holds(Slot.A, V2.Id, 0));
    }

    [Fact]
    public void A_newer_order_takes_the_place_of_one_that_is_pending()
    {
        Slots slots = Opened();
        Update(slots, V1, attempt: 1, epoch: 0);
        Fill(slots, V2, attempt: 2);
        Ok(slots.MarkPending());

        Update(slots, V3, attempt: 3, epoch: 0);
        Assert.True(V3.IsIn(_files, slots.Running));

        Fill(slots, V2, attempt: 4);
        Ok(slots.MarkPending());
        Ok(slots.ConfirmRunning(5));
        slots = Opened();
        Assert.Equal(Slot.None, slots.Target);
        Assert.Equal((Outcome.Confirmed, 5), (slots.State.Outcome, slots.State.OutcomeAttempt));
        Assert.True(V3.IsIn(_files, slots.Running));
    }

    [Fact]
    public void A_wrapped_key_stays_with_its_slot()
    {
        byte[] first = [.. Enumerable.Repeat((byte)7, 24)];
        byte[] second = [.. Enumerable.Repeat((byte)8, 24)];
        byte[] read = new byte[24];
        Slots slots = Opened();
        Update(slots, V1, attempt: 1, epoch: 0);
        Ok(slots.BeginUpdate(V2.Id, 0, 2, first));
        Ok(slots.BeginUpdate(V2.Id, 0, 2, second));

        slots = Opened();

        Assert.False(slots.State.CopyWrappedKey(Slot.A, read, 0));
        Assert.True(slots.State.CopyWrappedKey(Slot.B, read, 0));
        Assert.Equal(second, read);
    }

    [Fact]
    public void A_damaged_model_gives_way_to_the_former_one()
    {
        Slots slots = Opened();
        Update(slots, V1, attempt: 1, epoch: 1);
        Update(slots, V2, attempt: 2, epoch: 1);
        Damage(StoreFile.ModelB);

        Assert.Equal(Slot.A, Opened().Running);
        Assert.Equal(Slot.A, Opened().State.Confirmed);

        Damage(StoreFile.ManifestA);
        Assert.Equal(Slot.None, Opened().Running);
        Update(Opened(), V3, attempt: 3, epoch: 1);
        Assert.True(V3.IsIn(_files, Opened().Running));
    }

    [Theory]
    [InlineData(1, AgentError.NoOtherSlot)]
    [InlineData(2, AgentError.Epoch)]
    public void A_former_model_below_the_epoch_never_runs_again(int epoch, AgentError error)
    {
        Slots slots = Opened();
        Update(slots, V1, attempt: 1, epoch: 1);
        Update(slots, V2, attempt: 2, epoch);
        TestModel asked = epoch == 1 ? V3 : V1;

        Assert.Equal(error, slots.RollBackConfirmed(asked.Id, 0, 3));

        Damage(StoreFile.ModelB);
        Assert.Equal(epoch == 1 ? Slot.A : Slot.None, Opened().Running);
        Assert.Equal(epoch, Opened().State.Epoch);
    }

    [Fact]
    public void A_model_that_failed_its_trial_never_takes_the_place_of_a_damaged_one()
    {
        Slots slots = Opened();
        Update(slots, V1, attempt: 1, epoch: 1);
        Fill(slots, V2, attempt: 2);
        Ok(slots.MarkPending());
        Ok(slots.BeginTrial());
        Ok(slots.RollBack((int)AgentError.SelfTest));
        Assert.Equal(AgentError.NoOtherSlot, slots.RollBackConfirmed(V2.Id, 0, 3));

        Damage(StoreFile.ModelA);

        Assert.Equal(Slot.None, Opened().Running);
    }

    [Fact]
    public void Going_back_on_order_needs_the_whole_model_and_can_be_taken_back()
    {
        Slots slots = Opened();
        Update(slots, V1, attempt: 1, epoch: 1);
        Assert.Equal(AgentError.NoOtherSlot, slots.RollBackConfirmed(V1.Id, 0, 2));
        Update(slots, V2, attempt: 2, epoch: 1);

        Ok(slots.RollBackConfirmed(V1.Id, 0, 3));
        Assert.Equal(Slot.A, slots.Running);
        Assert.Equal((Slot.A, Outcome.Confirmed, 3), (Opened().Running, slots.State.Outcome, slots.State.OutcomeAttempt));
        Ok(slots.RollBackConfirmed(V2.Id, 0, 4));
        Damage(StoreFile.ModelA);
        Assert.Equal(AgentError.NoOtherSlot, slots.RollBackConfirmed(V1.Id, 0, 5));
        Assert.Equal(Slot.B, Opened().Running);
    }

    [Fact]
    public void A_full_disk_at_any_write_leaves_the_old_model_and_the_update_goes_on_when_there_is_room()
    {
        Update(Opened(), V1, attempt: 1, epoch: 1);
        FlashImage image = _files.Capture();
        var counting = new SimulatedFiles(image);
        Ok(TryUpdate(Opened(counting), V2, attempt: 2));
        Assert.InRange(counting.Writes, 7, 20);
        for (long n = 1; n <= counting.Writes; n++)
        {
            for (int failures = 1; failures <= 3; failures++)
            {
                var files = new SimulatedFiles(image) { FullAtWrite = n, FullWrites = failures };
                TryUpdate(Opened(files), V2, attempt: 2);
                var slots = new Slots(files, TestModel.Check);
                Assert.Contains(slots.Open(), new[] { AgentError.None, AgentError.Storage });
                Assert.True(V1.IsIn(files, Slot.A));
                Assert.True((slots.Running == Slot.A && slots.State.Epoch == 1) || (slots.Running == Slot.B && slots.State.Epoch == 2));

                files.FullWrites = 0;
                if (slots.Running == Slot.A)
                    Ok(TryUpdate(slots, V2, attempt: 3));
                Assert.Equal(Slot.B, Opened(files).Running);
                Assert.True(V2.IsIn(files, Slot.B));
            }
        }
    }

    private static AgentError TryUpdate(Slots slots, TestModel model, int attempt)
    {
        AgentError error = slots.BeginUpdate(model.Id, 0, attempt, null);
        for (int offset = 0; error == AgentError.None && offset < model.Bytes.Length; offset += 100)
            error = slots.WriteModel(offset, model.Bytes, offset, Math.Min(100, model.Bytes.Length - offset));
        error = error != AgentError.None ? error : slots.WriteManifest(0, model.Manifest, 0, model.Manifest.Length);
        error = error != AgentError.None ? error : slots.MarkPending();
        error = error != AgentError.None ? error : slots.BeginTrial();
        return error != AgentError.None ? error : slots.Confirm(2);
    }

    private static void Fill(Slots slots, TestModel model, int attempt)
    {
        Ok(slots.BeginUpdate(model.Id, 0, attempt, null));
        Ok(slots.WriteManifest(0, model.Manifest, 0, model.Manifest.Length));
        Ok(slots.WriteModel(0, model.Bytes, 0, model.Bytes.Length));
    }

    private static void Update(Slots slots, TestModel model, int attempt, int epoch)
    {
        Fill(slots, model, attempt);
        Ok(slots.MarkPending());
        Ok(slots.BeginTrial());
        Ok(slots.Confirm(epoch));
    }

    private static Slots Opened(FileStore store)
    {
        var slots = new Slots(store, TestModel.Check);
        Ok(slots.Open());
        return slots;
    }

    private static void Ok(AgentError error) => Assert.Equal(AgentError.None, error);

    private Slots Opened() => Opened(_files);

    private int Sequence()
    {
        var journal = new Journal(_files);
        Ok(journal.Open());
        return journal.Sequence;
    }

    private void Damage(int file)
    {
        byte[] one = new byte[1];
        Assert.True(_files.Open(file) && _files.Read(file, 5, one, 0, 1));
        one[0] ^= 0x10;
        Assert.True(_files.Write(file, 5, one, 0, 1));
    }
}
