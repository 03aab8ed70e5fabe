using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Ota.Encryption;
using EdgeMl.Mcu.Relay.Fleet;
using EdgeMl.Mcu.Relay.Messages;
using EdgeMl.Mcu.Relay.Registry;
using EdgeMl.Mcu.Relay.Storage;

namespace EdgeMl.Mcu.Relay.Dispatch;

/// <summary>Makes the messages to devices.</summary>
internal sealed class DownlinkComposer(
    FleetTopics topics, DeviceDirectory devices, ArtifactRegistry registry, DeltaCache deltas, PublisherKeys keys, ChunkServer chunks, RelayClock clock)
{
    /// <summary>Makes a message; null if the device was revoked meanwhile.</summary>
    public MqttMessage? Compose(Downlink downlink)
    {
        SessionRow session = downlink.Session;
        if (devices.Find(session.Device) is not { } secrets)
            return null;
        string topic = topics.Down(session.Device, downlink.IsDesired ? "desired" : "ack");
        byte[] body = downlink.IsDesired
            ? Desired(session, secrets).Write()
            : new AckBody(session.Nonce!, session.Seq!.Value, session.StatusSeq!.Value, session.ResultSeq!.Value).Write();
        return new MqttMessage(topic, Envelopes.Seal(secrets.MessageKey, topic, body), QualityOfService.AtLeastOnce);
    }

    private DesiredBody Desired(SessionRow session, DeviceSecrets secrets)
    {
        var nothing = new DesiredBody
        {
            Nonce = session.Nonce!,
            Seq = session.Seq!.Value,
            Challenge = session.Challenge!,
            Time = clock.SteadyTime.ToUnixTimeSeconds(),
        };
        if (session.Manifest is not { } manifest)
            return nothing;
        if (registry.Find(manifest) is not { } artifact)
        {
            // A model that was not published here can only be in the device's other slot; its length does not matter then.
            return nothing with { Attempt = session.Attempt, Manifest = new BlobDescription(manifest, 1, Artifact.SmallChunkBytes, null), IsRollback = true };
        }
        long generation = Math.Max(session.KeyGeneration ?? 0, session.HelloGeneration ?? 0);
        // The device tells when it has a key, and then gets the next rotation, or the delta for which there was no room beside the last one.
        byte[]? rotation = keys.FirstRotation(generation, artifact.Generation);
        if (rotation is not null && generation + 1 < artifact.Generation)
            return nothing with { Rotation = rotation };
        DesiredBody order = nothing with
        {
            Attempt = session.Attempt,
            Manifest = artifact.Manifest,
            Rotation = rotation,
            IsRollback = session.Rollback != 0,
            WrappedKey = artifact.ModelKey is { } modelKey ? ModelEncryption.Wrap(modelKey, secrets.DeviceKey) : null,
        };
        if (order.IsRollback)
            return order;
        byte[] running = session.HelloRunning is { Length: > 0 } hello ? hello : session.Running ?? [];
        bool isThere = running.AsSpan().SequenceEqual(artifact.Id);
        if (!isThere && rotation is null && registry.Find(session.Running is { Length: > 0 } known ? known : running) is { } original && deltas.Find(original, artifact) is { } delta)
            order = order with { Delta = (original.Id, delta) };
        if (!isThere)
        {
            chunks.Expect(artifact.Id, session.Device);
            chunks.Expect(order.Delta?.Blob.Id ?? artifact.ModelId, session.Device);
        }
        return order;
    }
}
