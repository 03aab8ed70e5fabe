namespace EdgeMl.Mcu.Agent;

/// <summary>
/// Why an update did not go through, or a message was dropped. One byte on the wire and in the journal; a value is never reused. Numbers up to 99 are
/// <see cref="Runtime.Error"/>'s, which a device reports where a model does not load.
/// </summary>
public enum AgentError : byte
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>The authentication tag of a message is not that of this device's key, topic and body.</summary>
    Envelope = 101,

    /// <summary>A message belongs to another connection, or is not newer than the last one.</summary>
    NotFresh = 102,

    /// <summary>The body of a message is not the CBOR that the protocol says.</summary>
    MessageFormat = 103,

    /// <summary>An order names something that the protocol does not allow, such as a chunk size or length out of range, or hashes that are missing.</summary>
    OrderFormat = 104,

    /// <summary>A key rotation is malformed, or the current publisher key has not signed it.</summary>
    Rotation = 105,

    /// <summary>A key rotation is not the next one for this device.</summary>
    RotationGeneration = 106,

    /// <summary>The device has no publisher key to verify with.</summary>
    NoPublisherKey = 107,

    /// <summary>A chunk is malformed, has an index that the blob does not have, or is not as long as it must be.</summary>
    ChunkFormat = 108,

    /// <summary>Chunks kept arriving that do not match their hash.</summary>
    ChunkHash = 109,

    /// <summary>What was asked for did not come in time.</summary>
    Timeout = 110,

    /// <summary>The downloaded manifest is not the one that the order names.</summary>
    ManifestId = 111,

    /// <summary>The manifest carries no signature.</summary>
    SignatureMissing = 112,

    /// <summary>The manifest's signature is not as long as one of the product's parameter sets.</summary>
    SignatureLength = 113,

    /// <summary>The publisher key of this device has not made the manifest's signature.</summary>
    Signature = 114,

    /// <summary>The manifest is not the CBOR that the protocol says, or a field is out of its range.</summary>
    ManifestFormat = 115,

    /// <summary>The manifest has another format number than the one that this agent reads.</summary>
    ManifestVersion = 116,

    /// <summary>The manifest has a field that this agent does not know and may not ignore.</summary>
    ManifestField = 117,

    /// <summary>The chunk hashes after the manifest are not those that were signed.</summary>
    ChunkRoot = 118,

    /// <summary>The manifest's security epoch is below the device's.</summary>
    Epoch = 119,

    /// <summary>The model needs a newer runtime than the device's.</summary>
    Abi = 120,

    /// <summary>The model needs more RAM than the device gives to models.</summary>
    Ram = 121,

    /// <summary>The stored model is longer than a slot.</summary>
    SlotTooSmall = 122,

    /// <summary>The model's inputs or outputs are not those that the application works with.</summary>
    Shapes = 123,

    /// <summary>The manifest's time is over.</summary>
    Expired = 124,

    /// <summary>The model is encrypted in a way that the device does not know.</summary>
    Encryption = 125,

    /// <summary>The model is encrypted and the order brings no key.</summary>
    KeyMissing = 126,

    /// <summary>The model key in the order does not unwrap with this device's key.</summary>
    KeyUnwrap = 127,

    /// <summary>The stored model is not the one that was signed.</summary>
    ModelHash = 128,

    /// <summary>The model does not load, for a reason that has no number of <see cref="Runtime.Error"/>.</summary>
    LoadFailed = 129,

    /// <summary>The model has no self-test.</summary>
    SelfTestMissing = 130,

    /// <summary>The self-test gave other outputs than those recorded in the model.</summary>
    SelfTest = 131,

    /// <summary>The device restarted before a trial was over.</summary>
    TrialInterrupted = 132,

    /// <summary>The delta is not against the model that the device runs.</summary>
    DeltaBase = 133,

    /// <summary>The delta is malformed.</summary>
    DeltaFormat = 134,

    /// <summary>The delta gives a block that does not match the manifest's hash.</summary>
    DeltaResult = 135,

    /// <summary>There is no other slot with the model to go back to.</summary>
    NoOtherSlot = 136,

    /// <summary>The storage failed to read, write or flush.</summary>
    Storage = 137,

    /// <summary>The storage has no room left.</summary>
    StorageFull = 138,

    /// <summary>Neither copy of the journal can be read.</summary>
    Journal = 139,

    /// <summary>There is not enough free memory.</summary>
    OutOfMemory = 140,

    /// <summary>The battery is too low to write to the storage.</summary>
    BatteryLow = 141,

    /// <summary>A newer order took the place of this one.</summary>
    Superseded = 142,
}
