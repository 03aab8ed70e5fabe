using System;
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
    private readonly OrderHashes _orderHashes;
    private readonly byte[] _id = new byte[BlobReference.IdBytes];
    private UpdateStep _step;
    private Manifest _manifest;
    private ManifestHashes _modelHashes;
    private BlobDownload _download;
    private DeltaApplication _delta;
    private int _attempt;
    private int _chunkSize;
    private int _reported;

    internal UpdateJob(AgentContext agent, StatusReporter status)
    {
        _agent = agent;
        _status = status;
        _check = new OrderCheck(agent);
        _orderHashes = new OrderHashes(agent.Order.Hashes, agent.Hash);
    }

    /// <summary>Whether there is an update under way.</summary>
    internal bool IsActive => _step != UpdateStep.None;

    /// <summary>An order has come; the same one again changes nothing.</summary>
    internal void OnOrder(long now)
    {
        DesiredOrder order = _agent.Order;
        try
        {
            Accept(order, _check.Rotate(order), now);
        }
        catch (OutOfMemoryException)
        {
            if (!order.IsOrder)
                return;
            CopyOrder(order);
            Refuse(AgentError.OutOfMemory);
            _status.OnOutcome(now);
        }
    }

    /// <summary>Does the next step.</summary>
    internal void Step(long now)
    {
        if (!IsActive)
            return;
        try
        {
            switch (_step)
            {
                case UpdateStep.FetchManifest:
                    if (Fetch(now))
                        AcceptManifest();
                    else if (_download.State == DownloadState.Failed)
                        Refuse(_download.Error);
                    break;
                case UpdateStep.FetchDelta:
                    if (Fetch(now))
                        BeginDelta();
                    else if (_download.State == DownloadState.Failed)
                        BeginModel();
                    break;
                case UpdateStep.ApplyDelta:
                    if (!_delta.Step() || _delta.IsComplete)
                        BeginModel();
                    break;
                case UpdateStep.FetchModel:
                    if (Fetch(now))
                        BeginVerify();
                    else if (_download.State == DownloadState.Failed)
                        Fail((int)_download.Error);
                    break;
                case UpdateStep.Verify:
                    Verify();
                    break;
                case UpdateStep.Trial:
                    Try();
                    break;
            }
        }
        catch (OutOfMemoryException)
        {
            GiveUp();
        }
        if (!IsActive)
            _status.OnOutcome(now);
    }

    /// <summary>Milliseconds until <see cref="Step"/> has something to do.</summary>
    internal int Wait(long now)
    {
        if (_download != null && _download.State != DownloadState.Complete && _download.State != DownloadState.Failed)
            return _download.Wait(now);
        return IsActive ? 0 : Timing.Deadline.Never;
    }

    /// <summary>There is a new connection.</summary>
    internal void OnConnection(long now)
    {
        if (_download != null)
            _download.OnConnection(now);
    }

    /// <summary>Takes a message of the present blob's topic.</summary>
    internal void OnChunk(byte[] data, int offset, int count, long now)
    {
        if (_download != null)
            _download.OnChunk(data, offset, count, now);
    }

    /// <summary>There is no memory for a step: a delta is not needed, everything else is.</summary>
    private void GiveUp()
    {
        if (_step == UpdateStep.FetchManifest)
            Refuse(AgentError.OutOfMemory);
        else if (_step == UpdateStep.FetchDelta || _step == UpdateStep.ApplyDelta)
            BeginModel();
        else
            Fail((int)AgentError.OutOfMemory);
    }

    private void Accept(DesiredOrder order, AgentError rotation, long now)
    {
        if (!order.IsOrder)
        {
            Stop();
            if (_status.State < UpdateState.Confirmed || rotation != AgentError.None)
                _status.Report(order.Attempt, UpdateState.Idle, rotation != AgentError.None ? (int)rotation : _status.StartError);
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
        Array.Copy(order.Manifest.Id, 0, _id, 0, _id.Length);
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
        _orderHashes.Use(blob);
        Download(Slots.ManifestFile(_agent.Slots.Target), blob.Id, blob.Length, blob.ChunkSize, _orderHashes);
        Enter(UpdateStep.FetchManifest, UpdateState.FetchingManifest);
    }

    /// <summary>Goes on with a download.</summary>
    /// <returns>Whether it is complete.</returns>
    private bool Fetch(long now)
    {
        BlobDownload download = _download;
        download.Step(now);
        _status.Progress = download.Present;
        int tenth = download.Count == 0 ? 0 : download.Present * Tenths / download.Count;
        if (tenth != _reported)
        {
            _reported = tenth;
            if (_step != UpdateStep.FetchManifest && download.State == DownloadState.Fetching)
                _status.Repeat();
        }
        return download.State == DownloadState.Complete;
    }

    private void Download(int file, byte[] id, int length, int chunkSize, BlockCheck hashes)
    {
        EndDownload();
        var requests = new ChunkRequests(_agent.Settings, _agent.Link, _agent.Topics, _agent.Uplink, _agent.Retries, _agent.Counters);
        _download = new BlobDownload(_agent.Settings, _agent.Store, requests, _agent.Work, _agent.Reader, _agent.Counters);
        _download.Begin(file, id, length, chunkSize, hashes);
        _status.Progress = 0;
    }

    private void EndDownload()
    {
        if (_download != null)
            _download.Stop();
        _download = null;
    }

    private void AcceptManifest()
    {
        EndDownload();
        if (Refuse(_check.CheckManifest(_agent.Order, out _manifest)))
            return;
        _modelHashes = new ManifestHashes(_agent.Store, Slots.ManifestFile(_agent.Slots.Target), _manifest, _agent.Hash);
        _manifest.Trim();
        DesiredOrder order = _agent.Order;
        // A delta ends with its file.
        bool isClean = _agent.Store.Length(StoreFile.Delta) <= order.Delta.Length || _agent.Store.Delete(StoreFile.Delta);
        if (!isClean || !_check.CanUseDelta(order, _manifest))
        {
            BeginModel();
            return;
        }
        _orderHashes.Use(order.Delta);
        Download(StoreFile.Delta, order.Delta.Id, order.Delta.Length, order.Delta.ChunkSize, _orderHashes);
        Enter(UpdateStep.FetchDelta, UpdateState.FetchingModel);
    }

    private void BeginDelta()
    {
        EndDownload();
        _delta = new DeltaApplication(_agent, _modelHashes);
        if (_delta.Begin(_manifest))
            Enter(UpdateStep.ApplyDelta, UpdateState.ApplyingDelta);
        else
            BeginModel();
    }

    /// <summary>Fetches what is missing of the model: all of it, what a delta has not given, or nothing.</summary>
    private void BeginModel()
    {
        _delta = null;
        Download(Slots.ModelFile(_agent.Slots.Target), _manifest.ModelId, _manifest.Length, _manifest.ChunkSize, _modelHashes);
        Enter(UpdateStep.FetchModel, UpdateState.FetchingModel);
    }

    private void BeginVerify()
    {
        EndDownload();
        // It is read again when the slot is verified.
        _manifest = null;
        _modelHashes = null;
        Enter(UpdateStep.Verify, UpdateState.Verifying);
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
        int result = (int)_agent.SlotReader.Read(_agent.Store, slots.Target, out _manifest);
        if (result == 0)
            result = _agent.Host.Load(slots.Target, _manifest, _agent.Order.HasWrappedKey ? _agent.Order.WrappedKey : null);
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
        if (_agent.IsEconomical && _agent.Settings.EconomyModel != null)
            _agent.LoadRunning();
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
        EndDownload();
        _step = UpdateStep.None;
        _manifest = null;
        _modelHashes = null;
        _delta = null;
    }
}
