using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Agent.Transfer;

namespace EdgeMl.Mcu.Agent.Updates;

/// <summary>Carries out the order: fetches, verifies, tries and confirms its model, one small step at a time. What runs is never touched before a trial.</summary>
internal sealed class UpdateJob
{
    private const int Tenths = 10;

    private readonly AgentContext _agent;
    private readonly StatusReporter _status;
    private readonly OrderCheck _check;
    private readonly OrderHashes _manifestHashes;
    private readonly OrderHashes _deltaHashes;
    private readonly ManifestHashes _modelHashes;
    private readonly DeltaApplication _delta;
    private readonly byte[] _id = new byte[BlobReference.IdBytes];
    private UpdateStep _step;
    private Manifest _manifest;
    private int _attempt;
    private int _chunkSize;
    private int _reported;

    internal UpdateJob(AgentContext agent, StatusReporter status)
    {
        _agent = agent;
        _status = status;
        _check = new OrderCheck(agent);
        DesiredOrder order = agent.Order;
        _manifestHashes = new OrderHashes(order.Hashes, order.Manifest, agent.Hash);
        _deltaHashes = new OrderHashes(order.Hashes, order.Delta, agent.Hash);
        _modelHashes = new ManifestHashes(agent.Store, agent.Hash);
        _delta = new DeltaApplication(agent, _modelHashes);
    }

    /// <summary>Whether there is an update under way.</summary>
    internal bool IsActive => _step != UpdateStep.None;

    /// <summary>An order has come; the same one again changes nothing.</summary>
    internal void OnOrder(long now)
    {
        DesiredOrder order = _agent.Order;
        AgentError rotation = _check.Rotate(order);
        if (!order.IsOrder)
        {
            Stop();
            if (_status.State < UpdateState.Confirmed)
                _status.Report(order.Attempt, UpdateState.Idle, 0);
            return;
        }
        if (IsSame(order))
            return;
        Stop();
        CopyOrder(order);
        if (!IsDone(order) && !Refuse(rotation) && !Refuse(_check.CheckOrder(order)) && !(order.IsRollback && GoBack()))
            Begin(order);
        _status.OnOutcome(now);
    }

    /// <summary>Does the next step.</summary>
    internal void Step(long now)
    {
        switch (_step)
        {
            case UpdateStep.FetchManifest:
                if (Fetch(now))
                    AcceptManifest();
                else if (_agent.Download.State == DownloadState.Failed)
                    Refuse(_agent.Download.Error);
                break;
            case UpdateStep.FetchDelta:
                if (Fetch(now))
                    BeginDelta();
                else if (_agent.Download.State == DownloadState.Failed)
                    BeginModel();
                break;
            case UpdateStep.ApplyDelta:
                if (!_delta.Step() || _delta.IsComplete)
                    BeginModel();
                break;
            case UpdateStep.FetchModel:
                if (Fetch(now))
                    Enter(UpdateStep.Verify, UpdateState.Verifying);
                else if (_agent.Download.State == DownloadState.Failed)
                    Fail((int)_agent.Download.Error);
                break;
            case UpdateStep.Verify:
                Verify();
                break;
            case UpdateStep.Trial:
                Try();
                break;
            default:
                return;
        }
        if (!IsActive)
            _status.OnOutcome(now);
    }

    /// <summary>Milliseconds until <see cref="Step"/> has something to do.</summary>
    internal int Wait(long now)
    {
        bool waits = _step == UpdateStep.FetchManifest || _step == UpdateStep.FetchDelta || _step == UpdateStep.FetchModel;
        if (waits && _agent.Download.State != DownloadState.Complete && _agent.Download.State != DownloadState.Failed)
            return _agent.Download.Wait(now);
        return IsActive ? 0 : Timing.Deadline.Never;
    }

    private bool IsSame(DesiredOrder order)
    {
        bool same = order.Attempt == _attempt && order.Manifest.ChunkSize == _chunkSize && (IsActive || _status.Attempt == _attempt);
        for (int i = 0; same && i < _id.Length; i++)
            same = order.Manifest.Id[i] == _id[i];
        return same;
    }

    private void CopyOrder(DesiredOrder order)
    {
        _attempt = order.Attempt;
        _chunkSize = order.Manifest.ChunkSize;
        System.Array.Copy(order.Manifest.Id, 0, _id, 0, _id.Length);
    }

    /// <summary>Whether the order was carried out, or refused, before.</summary>
    private bool IsDone(DesiredOrder order)
    {
        Slots slots = _agent.Slots;
        JournalState journal = slots.State;
        if (_agent.Host.Interpreter != null && slots.Running != Slot.None && journal.Holds(slots.Running, order.Manifest.Id, 0))
        {
            AgentError error = journal.Attempt == _attempt ? AgentError.None : slots.ConfirmRunning(_attempt);
            End(UpdateState.Confirmed, (int)error);
            return true;
        }
        if (!journal.WasRefused(order.Manifest.Id, 0, _attempt))
            return false;
        bool wasTried = journal.Outcome == Outcome.Failed || journal.Attempt == _attempt;
        End(wasTried ? UpdateState.Failed : UpdateState.Refused, journal.RefusedError);
        return true;
    }

    private bool GoBack()
    {
        AgentError error = _agent.Slots.RollBackConfirmed(_agent.Order.Manifest.Id, 0, _attempt);
        if (error == AgentError.NoOtherSlot)
            return false;
        if (error != AgentError.None)
            return Refuse(error);
        int loaded = _agent.LoadRunning();
        End(loaded == 0 ? UpdateState.Confirmed : UpdateState.Failed, loaded);
        return true;
    }

    private void Begin(DesiredOrder order)
    {
        AgentError error = _agent.Slots.BeginUpdate(order.Manifest.Id, 0, _attempt, order.HasWrappedKey ? order.WrappedKey : null);
        if (Refuse(error))
            return;
        BlobReference blob = order.Manifest;
        _agent.Download.Begin(Slots.ManifestFile(_agent.Slots.Target), blob.Id, blob.Length, blob.ChunkSize, _manifestHashes);
        Enter(UpdateStep.FetchManifest, UpdateState.FetchingManifest);
    }

    /// <summary>Goes on with a download.</summary>
    /// <returns>Whether it is complete.</returns>
    private bool Fetch(long now)
    {
        BlobDownload download = _agent.Download;
        download.Step(now);
        int tenth = download.Count == 0 ? 0 : download.Present * Tenths / download.Count;
        if (tenth != _reported)
        {
            _reported = tenth;
            if (_step != UpdateStep.FetchManifest && download.State == DownloadState.Fetching)
                _status.Repeat();
        }
        return download.State == DownloadState.Complete;
    }

    private void AcceptManifest()
    {
        if (Refuse(_check.CheckManifest(_agent.Order, out _manifest)))
            return;
        _modelHashes.Use(Slots.ManifestFile(_agent.Slots.Target), _manifest);
        DesiredOrder order = _agent.Order;
        // A delta ends with its file.
        bool isClean = _agent.Store.Length(StoreFile.Delta) <= order.Delta.Length || _agent.Store.Delete(StoreFile.Delta);
        if (!isClean || !_check.CanUseDelta(order, _manifest))
        {
            BeginModel();
            return;
        }
        _agent.Download.Begin(StoreFile.Delta, order.Delta.Id, order.Delta.Length, order.Delta.ChunkSize, _deltaHashes);
        Enter(UpdateStep.FetchDelta, UpdateState.FetchingModel);
    }

    private void BeginDelta()
    {
        if (_delta.Begin(_manifest))
            Enter(UpdateStep.ApplyDelta, UpdateState.ApplyingDelta);
        else
            BeginModel();
    }

    /// <summary>Fetches what is missing of the model: all of it, what a delta has not given, or nothing.</summary>
    private void BeginModel()
    {
        _agent.Download.Begin(Slots.ModelFile(_agent.Slots.Target), _manifest.ModelId, _manifest.Length, _manifest.ChunkSize, _modelHashes);
        Enter(UpdateStep.FetchModel, UpdateState.FetchingModel);
    }

    private void Verify()
    {
        AgentError error = _agent.Slots.MarkPending();
        if (error == AgentError.None)
            Enter(UpdateStep.Trial, UpdateState.Trial);
        else
            Fail((int)error);
    }

    /// <summary>Loads the new model in place of the running one and confirms it, or goes back.</summary>
    private void Try()
    {
        Slots slots = _agent.Slots;
        AgentError error = slots.BeginTrial();
        if (error != AgentError.None)
        {
            Fail((int)error);
            return;
        }
        int result = _agent.Host.Load(slots.Target, _manifest, _agent.Order.HasWrappedKey ? _agent.Order.WrappedKey : null);
        if (result == 0)
            result = (int)_agent.Host.SelfTest();
        if (result == 0)
            result = (int)slots.Confirm(_manifest.Epoch);
        if (result != 0)
        {
            Fail(result);
            _agent.LoadRunning();
            return;
        }
        _agent.Policy.OnModel();
        _agent.Store.Delete(StoreFile.Delta);
        End(UpdateState.Confirmed, 0);
    }

    private void Enter(UpdateStep step, UpdateState state)
    {
        _step = step;
        _reported = 0;
        _status.Report(_attempt, state, 0);
    }

    /// <summary>Ends the order before anything of the model was written, if there is an error.</summary>
    private bool Refuse(AgentError error)
    {
        if (error == AgentError.None)
            return false;
        _agent.Slots.Refuse(_id, 0, _attempt, (int)error);
        End(UpdateState.Refused, (int)error);
        return true;
    }

    private void Fail(int error)
    {
        // A full store must have room for the journal.
        if (error == (int)AgentError.Storage && _agent.Slots.Target != Slot.None)
            _agent.Store.Delete(Slots.ModelFile(_agent.Slots.Target));
        _agent.Slots.RollBack(error);
        End(UpdateState.Failed, error);
    }

    private void End(UpdateState state, int error)
    {
        Stop();
        _status.Report(_attempt, state, error);
    }

    private void Stop()
    {
        _agent.Download.Stop();
        _step = UpdateStep.None;
        _manifest = null;
    }
}
