namespace EdgeMl.Mcu.Relay;

/// <summary>The codes of <see cref="RelayException"/>. A code is never renamed or reused.</summary>
/// <remarks>The remarks of a code say what to do about it; docs/errors.md is written from both.</remarks>
public static class RelayErrorCodes
{
    /// <summary>No relay answers at the address.</summary>
    /// <remarks>Check the address (--relay), and that the relay runs.</remarks>
    public const string Unreachable = "relay.unreachable";

    /// <summary>What answers at the address is no relay, or one of another version.</summary>
    /// <remarks>Check the address (--relay), and use tools and relay of one version.</remarks>
    public const string BadAnswer = "relay.bad-answer";

    /// <summary>The request shows no API key, an unknown, an expired or a revoked one.</summary>
    /// <remarks>Give a valid key (--api-key or EDGEML_API_KEY).</remarks>
    public const string Unauthorized = "relay.unauthorized";

    /// <summary>The role of the API key does not allow the request.</summary>
    /// <remarks>Use a key with the role that the message names.</remarks>
    public const string Forbidden = "relay.forbidden";

    /// <summary>A request is malformed, or a value in it is out of its range.</summary>
    /// <remarks>Correct the value that the message names.</remarks>
    public const string BadRequest = "relay.bad-request";

    /// <summary>There is no artifact, device, rollout or key of that name.</summary>
    /// <remarks>List what there is, and check the name.</remarks>
    public const string NotFound = "relay.not-found";

    /// <summary>A request is longer than the relay takes.</summary>
    /// <remarks>Check the file; the limits are in the message.</remarks>
    public const string TooLarge = "relay.too-large";

    /// <summary>The object is in a state in which the request makes no sense, such as resuming a rollout that has ended.</summary>
    /// <remarks>Look at the present state first.</remarks>
    public const string Conflict = "relay.conflict";

    /// <summary>The LMS leaf of the manifest's signature was published already with another manifest: a key file was copied or restored.</summary>
    /// <remarks>Stop using every copy of this publisher key, and rotate it.</remarks>
    public const string IndexReused = "relay.index-reused";

    /// <summary>The fleet's present publisher key has not signed the manifest or rotation.</summary>
    /// <remarks>Sign with the key of the present generation.</remarks>
    public const string WrongPublisherKey = "relay.publisher-key";

    /// <summary>The fleet has no publisher key yet.</summary>
    /// <remarks>Set the public key first.</remarks>
    public const string NoPublisherKey = "relay.no-publisher-key";

    /// <summary>The model is encrypted and no key was given, or the other way round.</summary>
    /// <remarks>Give the model key of an encrypted model, and none for others.</remarks>
    public const string ModelKey = "relay.model-key";

    /// <summary>Another artifact has this name and version.</summary>
    /// <remarks>Choose a new version.</remarks>
    public const string VersionExists = "relay.version-exists";

    /// <summary>The enrolment token is unknown, used or expired.</summary>
    /// <remarks>Make a new token.</remarks>
    public const string Token = "relay.token";

    /// <summary>A device of that name is enrolled already.</summary>
    /// <remarks>Choose another name, or revoke the device first.</remarks>
    public const string DeviceExists = "relay.device-exists";

    /// <summary>The relay's disk is full or cannot be written; nothing was changed.</summary>
    /// <remarks>Make room on the relay's disk, and try again.</remarks>
    public const string Storage = "relay.storage";

    /// <summary>The data folder belongs to another running relay, or was written by a newer one.</summary>
    /// <remarks>Stop the other relay, or update this one.</remarks>
    public const string DataFolder = "relay.data-folder";

    /// <summary>The relay cannot listen at an address: it is in use, or not this machine's.</summary>
    /// <remarks>Choose another port or address, or stop what uses this one.</remarks>
    public const string ListenFailed = "relay.listen-failed";

    /// <summary>An audit log was changed: an entry does not fit the one before it.</summary>
    /// <remarks>Compare with an earlier export; everything before the named line is as it was written.</remarks>
    public const string AuditBroken = "relay.audit-broken";

    /// <summary>A bug in the relay.</summary>
    /// <remarks>The relay's log shows where it happened.</remarks>
    public const string Internal = "relay.internal";
}
