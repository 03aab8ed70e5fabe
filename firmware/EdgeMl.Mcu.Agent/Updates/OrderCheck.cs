using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Agent.Updates;

/// <summary>The checks of an order: before its manifest is fetched, and of the manifest that came.</summary>
internal sealed class OrderCheck
{
    private readonly AgentContext _agent;

    internal OrderCheck(AgentContext agent)
    {
        _agent = agent;
    }

    /// <summary>Whether the manifest can be fetched.</summary>
    internal AgentError CheckOrder(DesiredOrder order)
    {
        BlobReference manifest = order.Manifest;
        if (manifest.Length == 0 || manifest.ChunkSize > _agent.Settings.ChunkBytesMax)
            return AgentError.OrderFormat;
        int battery = _agent.Health.BatteryPercent;
        return battery >= 0 && battery < _agent.Settings.BatteryPercentMin ? AgentError.BatteryLow : AgentError.None;
    }

    /// <summary>Verifies the manifest blob of the slot that is being filled: id, signature, format, and that it fits the device. Takes memory for the time of the call.</summary>
    internal AgentError CheckManifest(DesiredOrder order, out Manifest manifest)
    {
        manifest = null;
        var blob = new FileSource(_agent.Store, Slots.ManifestFile(_agent.Slots.Target));
        if (blob.Length != order.Manifest.Length || !_agent.SlotReader.HasHash(blob, order.Manifest.Id))
            return AgentError.ManifestId;
        byte[] publisherKey = PublisherKey();
        if (publisherKey == null)
            return AgentError.NoPublisherKey;
        AgentError error = new ManifestVerifier(_agent.Hash, _agent.Work, _agent.Reader).Verify(blob, publisherKey, out Manifest candidate);
        if (error != AgentError.None)
            return error;
        error = CheckFit(candidate, order.Time);
        if (error != AgentError.None)
            return error;
        if (candidate.IsEncrypted && !order.HasWrappedKey)
            return AgentError.KeyMissing;
        if (candidate.IsEncrypted && !_agent.Keys.CanUnwrap(order.WrappedKey))
            return AgentError.KeyUnwrap;
        manifest = candidate;
        return AgentError.None;
    }

    /// <summary>Whether the order's delta leads from the running model to the manifest's.</summary>
    internal bool CanUseDelta(DesiredOrder order, Manifest manifest)
    {
        Slot running = _agent.Slots.Running;
        return order.Delta.Length > 0 && order.Delta.ChunkSize <= _agent.Settings.ChunkBytesMax && order.Delta.Length <= _agent.Settings.SlotBytes && !manifest.IsEncrypted
            && running != Slot.None && _agent.Slots.State.Holds(running, order.DeltaBase, 0);
    }

    /// <summary>Takes the key rotation of an order, if it is the next one and signed by the present key. Takes memory for the time of the call.</summary>
    internal AgentError Rotate(DesiredOrder order)
    {
        if (order.RotationLength == 0)
            return AgentError.None;
        int generation = _agent.Slots.State.KeyGeneration;
        var message = new MemorySource(_agent.Inbox.Buffer);
        var verifier = new ManifestVerifier(_agent.Hash, _agent.Work, _agent.Reader);
        byte[] nextKey = new byte[ManifestFormat.PublicKeyBytes];
        // Unsigned, to skip what an earlier message has brought already.
        AgentError error = verifier.VerifyRotation(message, order.RotationOffset, order.RotationLength, null, generation, nextKey);
        if (error == AgentError.RotationGeneration && verifier.RotationGeneration <= generation)
            return AgentError.None;
        if (error != AgentError.None)
            return error;
        byte[] publisherKey = PublisherKey();
        if (publisherKey == null)
            return AgentError.NoPublisherKey;
        error = verifier.VerifyRotation(message, order.RotationOffset, order.RotationLength, publisherKey, generation, nextKey);
        return error != AgentError.None ? error : _agent.Slots.SetPublisherKey(nextKey, 0, generation + 1);
    }

    private AgentError CheckFit(Manifest manifest, long time)
    {
        AgentSettings settings = _agent.Settings;
        var profile = new DeviceProfile { ModelRamBytes = settings.ModelRamBytes, SlotBytes = settings.SlotBytes, Inputs = settings.Inputs, Outputs = settings.Outputs };
        profile.Epoch = _agent.Slots.State.Epoch;
        AgentError error = profile.Check(manifest, time);
        return error == AgentError.None && manifest.ChunkSize > settings.ChunkBytesMax ? AgentError.Ram : error;
    }

    /// <summary>A copy of the trusted publisher key; null where there is none.</summary>
    private byte[] PublisherKey()
    {
        JournalState journal = _agent.Slots.State;
        if (!journal.HasPublisherKey)
            return null;
        byte[] key = new byte[ManifestFormat.PublicKeyBytes];
        journal.CopyPublisherKey(key, 0);
        return key;
    }
}
