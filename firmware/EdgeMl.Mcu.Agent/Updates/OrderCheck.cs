using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Agent.Updates;

/// <summary>The checks of an order: before its manifest is fetched, and of the manifest that came.</summary>
internal sealed class OrderCheck
{
    private readonly AgentContext _agent;
    private readonly DeviceProfile _profile = new DeviceProfile();
    private readonly MemorySource _inbox;
    private readonly byte[] _nextKey = new byte[ManifestFormat.PublicKeyBytes];
    private readonly byte[] _publisherKey = new byte[ManifestFormat.PublicKeyBytes];

    internal OrderCheck(AgentContext agent)
    {
        _agent = agent;
        _inbox = new MemorySource(agent.Inbox.Buffer);
        _profile.ModelRamBytes = agent.Settings.ModelRamBytes;
        _profile.SlotBytes = agent.Settings.SlotBytes;
        _profile.Inputs = agent.Settings.Inputs;
        _profile.Outputs = agent.Settings.Outputs;
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

    /// <summary>Verifies the manifest blob of the slot that is being filled: id, signature, format, and that it fits the device.</summary>
    internal AgentError CheckManifest(DesiredOrder order, out Manifest manifest)
    {
        manifest = null;
        var blob = new FileSource(_agent.Store, Slots.ManifestFile(_agent.Slots.Target));
        if (blob.Length != order.Manifest.Length || !_agent.SlotReader.HasHash(blob, order.Manifest.Id))
            return AgentError.ManifestId;
        if (!CopyPublisherKey())
            return AgentError.NoPublisherKey;
        AgentError error = _agent.Verifier.Verify(blob, _publisherKey, out Manifest candidate);
        if (error != AgentError.None)
            return error;
        _profile.Epoch = _agent.Slots.State.Epoch;
        error = _profile.Check(candidate, order.Time);
        if (error != AgentError.None)
            return error;
        if (candidate.ChunkSize > _agent.Settings.ChunkBytesMax)
            return AgentError.Ram;
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

    /// <summary>Takes the key rotations of an order that the device lacks, as far as each is the next one and signed by the key before it.</summary>
    internal AgentError Rotate(DesiredOrder order)
    {
        AgentError error = AgentError.None;
        for (int i = 0; i < order.RotationCount && error == AgentError.None; i++)
        {
            int generation = _agent.Slots.State.KeyGeneration;
            // Unsigned, to skip what an earlier message has brought already.
            error = Verify(order, i, null, generation);
            if (error == AgentError.RotationGeneration && _agent.Verifier.RotationGeneration <= generation)
            {
                error = AgentError.None;
                continue;
            }
            if (error == AgentError.None)
                error = CopyPublisherKey() ? Verify(order, i, _publisherKey, generation) : AgentError.NoPublisherKey;
            if (error == AgentError.None)
                error = _agent.Slots.SetPublisherKey(_nextKey, 0, generation + 1);
        }
        return error;
    }

    private AgentError Verify(DesiredOrder order, int rotation, byte[] key, int generation)
    {
        return _agent.Verifier.VerifyRotation(_inbox, order.RotationOffset(rotation), order.RotationLength(rotation), key, generation, _nextKey);
    }

    private bool CopyPublisherKey()
    {
        JournalState journal = _agent.Slots.State;
        if (journal.HasPublisherKey)
            journal.CopyPublisherKey(_publisherKey, 0);
        return journal.HasPublisherKey;
    }
}
