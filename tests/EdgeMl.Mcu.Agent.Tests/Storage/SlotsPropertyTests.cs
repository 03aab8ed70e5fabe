using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Bench.Flash;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Agent.Tests.Storage;

/// <summary>Calls in any order, with power cuts and full disks between and in them, keep what must always hold.</summary>
public class SlotsPropertyTests
{
    private const int Cases = 400;

    private static readonly TestModel[] Models = [new(1), new(2), new(3)];

    [Fact]
    public void Any_calls_with_any_faults_leave_a_confirmed_model_whole_and_the_epoch_where_it_was_or_higher()
    {
        Gen<Call> call = Gen.Choose(0, 15).SelectMany(kind => Gen.Choose(0, 2).SelectMany(model => Gen.Choose(0, 400).Select(fault => new Call(kind, model, fault))));
        int confirmed = 0;
        Prop.ForAll(call.ListOf(60).ToArbitrary(), calls => confirmed += new Device().Run(calls)).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases));

        // Else the calls would not get far enough to prove anything.
        Assert.InRange(confirmed, 2 * Cases, int.MaxValue);
    }

    private sealed record Call(int Kind, int Model, int Fault);

    private sealed class Device
    {
        private readonly PowerSupply _power = new();
        private readonly SimulatedFiles _files;
        private Slots _slots = null!;
        private int _attempt;
        private int _epoch;
        private int _confirmed;
        private bool _hasModel;

        public Device()
        {
            _files = new SimulatedFiles(null, _power);
            Restart();
        }

        /// <returns>Models confirmed.</returns>
        public int Run(IList<Call> calls)
        {
            foreach (Call call in calls)
            {
                // One call in four is cut, one in four finds the disk full; the faults come somewhere in the next few operations.
                _power.CutAt = call.Fault < 100 ? _power.Operations + 1 + (call.Fault % 7) : 0;
                _power.CutVariant = call.Fault;
                _files.FullAtWrite = call.Fault is >= 100 and < 200 ? _files.Writes + 1 + (call.Fault % 3) : 0;
                try
                {
                    Do(call);
                }
                catch (PowerCutException)
                {
                    Restart();
                }
                Check();
            }
            return _confirmed;
        }

        private void Do(Call call)
        {
            TestModel model = Models[call.Model];
            switch (call.Kind)
            {
                case 0 or 1:
                    _slots.BeginUpdate(model.Id, 0, ++_attempt, null);
                    break;
                case 2 or 3 or 4:
                    Fill();
                    break;
                case 5:
                    _slots.MarkPending();
                    break;
                case 6:
                    _slots.BeginTrial();
                    break;
                case 7:
                    Confirm(call.Fault % 2);
                    break;
                case 8:
                    _slots.RollBack((int)AgentError.SelfTest);
                    break;
                case 9:
                    _slots.RollBackConfirmed(model.Id, 0, ++_attempt);
                    break;
                case 10:
                    Restart();
                    break;
                case 11:
                    _slots.AcknowledgeOutcome(_slots.State.OutcomeAttempt);
                    break;
                default:
                    Advance(model);
                    break;
            }
        }

        private void Advance(TestModel model)
        {
            JournalState state = _slots.State;
            if (_slots.Target == Slot.None)
                _slots.BeginUpdate(model.Id, 0, ++_attempt, null);
            else if (state.Pending == Slot.None)
                Fill();
            if (_slots.MarkPending() != AgentError.None)
                return;
            if (state.Trials == 0)
                _slots.BeginTrial();
            else
                Confirm(0);
        }

        private void Confirm(int more)
        {
            if (_slots.Confirm(_epoch + more) != AgentError.None)
                return;
            _epoch += more;
            _confirmed++;
        }

        private void Fill()
        {
            TestModel? model = Models.SingleOrDefault(model => _slots.Target != Slot.None && _slots.State.Holds(_slots.Target, model.Id, 0));
            if (model is null || _slots.WriteManifest(0, model.Manifest, 0, model.Manifest.Length) != AgentError.None)
                return;
            if (_slots.WriteModel(100, model.Bytes, 100, 200) == AgentError.None)
                _slots.WriteModel(0, model.Bytes, 0, 100);
        }

        private void Restart()
        {
            // A device that is switched off without a cut loses nothing that it wrote.
            _files.Restart(_files.Capture());
            _power.CutAt = 0;
            _files.FullAtWrite = 0;
            _slots = new Slots(_files, TestModel.Check);
            Assert.Equal(AgentError.None, _slots.Open());
        }

        private void Check()
        {
            JournalState state = _slots.State;
            _hasModel |= state.Confirmed != Slot.None;
            Assert.True(state.Epoch >= _epoch, $"epoch {state.Epoch} after {_epoch}");
            _epoch = state.Epoch;
            if (!_hasModel)
                return;
            Assert.NotEqual(Slot.None, _slots.Running);
            Assert.Equal(state.Confirmed, _slots.Running);
            Assert.NotEqual(_slots.Running, _slots.Target);
            Assert.Equal(SlotState.Proven, state.State(_slots.Running));
            TestModel model = Models.Single(model => state.Holds(_slots.Running, model.Id, 0));
            Assert.True(model.IsIn(_files, _slots.Running), "the confirmed model is damaged");
        }
    }
}
