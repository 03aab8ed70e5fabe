namespace EdgeMl.Mcu.Relay.Client;

/// <summary>The paths of the HTTP API, as ASP.NET Core route patterns. Relay and client use the same.</summary>
public static class Routes
{
    /// <summary>GET, no key: whether the relay works.</summary>
    public const string Health = "/health";

    /// <summary>GET, viewer: Prometheus text.</summary>
    public const string Metrics = "/metrics";

    /// <summary>GET, no key: the OpenAPI document.</summary>
    public const string OpenApi = "/openapi.json";

    /// <summary>GET, viewer: <see cref="RelayInfo"/>.</summary>
    public const string Info = "/v1/info";

    /// <summary>POST, no key but a token: <see cref="EnrollRequest"/> to <see cref="Enrollment"/>.</summary>
    public const string Enroll = "/enroll";

    /// <summary>GET, viewer: <see cref="ArtifactInfo"/>s. POST, publisher: multipart form with the files <c>manifest</c> and <c>model</c>, and <c>modelKey</c> (hex) for an encrypted one.</summary>
    public const string Artifacts = "/v1/artifacts";

    /// <summary>GET, viewer: an <see cref="ArtifactInfo"/>. The identifier is a manifest's id, or NAME@VERSION.</summary>
    public const string Artifact = "/v1/artifacts/{id}";

    /// <summary>GET, viewer: <see cref="PublisherKeyInfo"/>s. POST, publisher: <see cref="PublisherKeyRequest"/>.</summary>
    public const string PublisherKeys = "/v1/publisher-keys";

    /// <summary>GET, viewer: <see cref="DeviceInfo"/>s; the query string is a <see cref="DeviceQuery"/>.</summary>
    public const string Devices = "/v1/devices";

    /// <summary>GET, viewer: a <see cref="DeviceInfo"/>. DELETE, operator: revokes the device.</summary>
    public const string Device = "/v1/devices/{id}";

    /// <summary>POST, operator: <see cref="TagChange"/> to <see cref="DeviceInfo"/>.</summary>
    public const string DeviceTags = "/v1/devices/{id}/tags";

    /// <summary>GET, viewer: <see cref="ResultInfo"/>s of a device, oldest first; <c>?after=SEQ&amp;limit=N</c>.</summary>
    public const string DeviceResults = "/v1/devices/{id}/results";

    /// <summary>POST, operator: <see cref="TokenRequest"/> to <see cref="TokenInfo"/>.</summary>
    public const string Tokens = "/v1/tokens";

    /// <summary>GET, viewer: <see cref="RolloutInfo"/>s, newest first. POST, operator: <see cref="RolloutRequest"/> to <see cref="RolloutInfo"/>.</summary>
    public const string Rollouts = "/v1/rollouts";

    /// <summary>GET, viewer: a <see cref="RolloutInfo"/>.</summary>
    public const string Rollout = "/v1/rollouts/{id:long}";

    /// <summary>GET, viewer: <see cref="RolloutDevice"/>s in the order in which stages take them.</summary>
    public const string RolloutDevices = "/v1/rollouts/{id:long}/devices";

    /// <summary>GET, viewer: <see cref="AuditEntry"/>s of a rollout, oldest first.</summary>
    public const string RolloutHistory = "/v1/rollouts/{id:long}/history";

    /// <summary>POST, operator: no new orders until it is resumed.</summary>
    public const string RolloutPause = "/v1/rollouts/{id:long}/pause";

    /// <summary>POST, operator: goes on.</summary>
    public const string RolloutResume = "/v1/rollouts/{id:long}/resume";

    /// <summary>POST, operator: no new orders for good; updated devices keep the new model.</summary>
    public const string RolloutAbort = "/v1/rollouts/{id:long}/abort";

    /// <summary>POST, operator: updated devices go back to what they ran before.</summary>
    public const string RolloutRollback = "/v1/rollouts/{id:long}/rollback";

    /// <summary>GET, viewer: the audit log as lines of JSON, for <c>edgeml ota audit --verify</c>.</summary>
    public const string Audit = "/v1/audit";

    /// <summary>GET, publisher: <see cref="ApiKeyInfo"/>s. POST, publisher: <see cref="ApiKeyRequest"/> to <see cref="ApiKeyCreated"/>.</summary>
    public const string ApiKeys = "/v1/api-keys";

    /// <summary>DELETE, publisher: revokes a key.</summary>
    public const string ApiKey = "/v1/api-keys/{id}";
}
