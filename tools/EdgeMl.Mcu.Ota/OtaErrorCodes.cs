namespace EdgeMl.Mcu.Ota;

/// <summary>The codes of <see cref="OtaException"/>. A code is never renamed or reused.</summary>
public static class OtaErrorCodes
{
    /// <summary>A manifest or rotation carries no signature.</summary>
    /// <remarks>Sign it: <c>edgeml sign</c>.</remarks>
    public const string SignatureMissing = "ota.signature-missing";

    /// <summary>A signature is cut, or of another algorithm.</summary>
    /// <remarks>Get the file again, or sign again.</remarks>
    public const string SignatureLength = "ota.signature-length";

    /// <summary>The given publisher key has not made a signature.</summary>
    /// <remarks>Check which public key you gave; a file that was altered does not verify either.</remarks>
    public const string Signature = "ota.signature";

    /// <summary>A manifest or rotation is malformed, or a field is out of its range.</summary>
    /// <remarks>Get the file again, or sign the model again.</remarks>
    public const string ManifestFormat = "ota.manifest-format";

    /// <summary>A manifest is of another format version.</summary>
    /// <remarks>Use the version of the tools that made it.</remarks>
    public const string ManifestVersion = "ota.manifest-version";

    /// <summary>A manifest has a field that is not known and may not be ignored.</summary>
    /// <remarks>Use the version of the tools that made it.</remarks>
    public const string ManifestField = "ota.manifest-field";

    /// <summary>The chunk hashes after a manifest are not those that were signed.</summary>
    /// <remarks>Get the file again.</remarks>
    public const string ChunkRoot = "ota.chunk-root";

    /// <summary>A model is encrypted in a way that is not known.</summary>
    /// <remarks>Use the version of the tools that made it.</remarks>
    public const string Encryption = "ota.encryption";

    /// <summary>A stored model is not the one that a manifest names.</summary>
    /// <remarks>Give the model that the manifest was signed for, or sign this one.</remarks>
    public const string ModelHash = "ota.model-hash";

    /// <summary>A manifest's security epoch is below the required one.</summary>
    /// <remarks>Sign the model again with a higher <c>--epoch</c>.</remarks>
    public const string Epoch = "ota.epoch";

    /// <summary>A model needs a newer runtime than the device has.</summary>
    /// <remarks>Update the firmware of the device first.</remarks>
    public const string Abi = "ota.abi";

    /// <summary>A model needs more RAM than the device gives to models.</summary>
    /// <remarks>Make the model smaller: <c>edgeml plan</c> shows what takes the memory.</remarks>
    public const string Ram = "ota.ram";

    /// <summary>A stored model is longer than a slot of the device.</summary>
    /// <remarks>Make the model smaller: <c>edgeml prune</c>, or int4 weights.</remarks>
    public const string SlotTooSmall = "ota.slot-too-small";

    /// <summary>A model has other inputs or outputs than the application works with.</summary>
    /// <remarks>Compare the shapes with <c>edgeml inspect</c>.</remarks>
    public const string Shapes = "ota.shapes";

    /// <summary>A manifest's time is over.</summary>
    /// <remarks>Sign the model again with a later <c>--expires</c>.</remarks>
    public const string Expired = "ota.expired";

    /// <summary>A key rotation is malformed or not signed by the key before it.</summary>
    /// <remarks>Give the rotation file that <c>edgeml keys rotate</c> wrote, and the key before it.</remarks>
    public const string Rotation = "ota.rotation";

    /// <summary>A key rotation is not the next one.</summary>
    /// <remarks>Rotations are applied one after another, oldest first.</remarks>
    public const string RotationGeneration = "ota.rotation-generation";

    /// <summary>What a manifest is to say is not allowed: a name, a chunk size, a time, too many labels.</summary>
    /// <remarks>The message names the limit.</remarks>
    public const string ManifestArgument = "ota.manifest-argument";

    /// <summary>A file that is to be signed is no model that the runtime loads.</summary>
    /// <remarks>Sign <c>.emlm</c> files; <c>edgeml convert</c> makes them.</remarks>
    public const string NotAModel = "ota.not-a-model";

    /// <summary>A key file cannot be read, or is damaged.</summary>
    /// <remarks>Check path and permissions. A damaged key file cannot be repaired; restore it and rotate.</remarks>
    public const string KeyUnreadable = "ota.key-unreadable";

    /// <summary>A key file or its state cannot be written. Nothing was signed.</summary>
    /// <remarks>Check permissions and free space.</remarks>
    public const string KeyUnwritable = "ota.key-unwritable";

    /// <summary>There is a file already where a new key is to go.</summary>
    /// <remarks>Keys are never overwritten: choose another name.</remarks>
    public const string KeyExists = "ota.key-exists";

    /// <summary>Another process signs with the key.</summary>
    /// <remarks>Try again when it has finished.</remarks>
    public const string KeyBusy = "ota.key-busy";

    /// <summary>The state of a key, or this machine's record of it, is missing: which leaves were used is not known.</summary>
    /// <remarks>Sign on the machine, and as the user, that made the key. If the state is gone for good, make a new key and provision devices with it.</remarks>
    public const string KeyStateLost = "ota.key-state-lost";

    /// <summary>The state of a key is older than this machine has seen: it was restored from a copy.</summary>
    /// <remarks>Put the current state back. If it is gone for good, make a new key and provision devices with it.</remarks>
    public const string KeyStateOld = "ota.key-state-old";

    /// <summary>The key file is a copy: this machine signs with the original at another place, or another machine does.</summary>
    /// <remarks>Use the original.</remarks>
    public const string KeyCopied = "ota.key-copied";

    /// <summary>The state of a key is damaged or does not agree with its log.</summary>
    /// <remarks>Put the current files back. If they are gone for good, make a new key and provision devices with it.</remarks>
    public const string KeyStateDamaged = "ota.key-state-damaged";

    /// <summary>All signatures of a key are used up, but for those that are kept for its rotation.</summary>
    /// <remarks>Go on with the next key: <c>edgeml keys rotate</c>.</remarks>
    public const string KeyExhausted = "ota.key-exhausted";

    /// <summary>A key has signed its successor and signs no more manifests.</summary>
    /// <remarks>Sign with the new key.</remarks>
    public const string KeySuperseded = "ota.key-superseded";
}
