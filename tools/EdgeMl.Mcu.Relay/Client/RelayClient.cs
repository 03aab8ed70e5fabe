using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace EdgeMl.Mcu.Relay.Client;

/// <summary>A client of a relay's HTTP API.</summary>
/// <remarks>
/// Every member throws <see cref="RelayException"/>: with <see cref="RelayErrorCodes.Unreachable"/> where no relay answers, otherwise with the code, message and
/// hint of the relay. Thread-safe.
/// </remarks>
public sealed class RelayClient : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>Makes a client.</summary>
    /// <param name="address">The relay, <c>http://HOST:PORT</c> or <c>https://HOST:PORT</c>.</param>
    /// <param name="apiKey">The API key, or null for requests that need none.</param>
    /// <param name="timeout">For one request; 100 seconds by default.</param>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.BadRequest"/>: no such address.</exception>
    public RelayClient(Uri address, string? apiKey, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            throw new RelayException(RelayErrorCodes.BadRequest, $"'{address}' is not a relay's address.", "Give http://HOST:PORT or https://HOST:PORT.");
        Address = address;
        _http = new HttpClient { BaseAddress = address };
        if (timeout is { } limit)
            _http.Timeout = limit;
        if (apiKey is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey.Trim());
    }

    /// <summary>The relay.</summary>
    public Uri Address { get; }

    /// <summary>What the relay is.</summary>
    public Task<RelayInfo> InfoAsync(CancellationToken cancellationToken = default) => GetAsync<RelayInfo>(Routes.Info, cancellationToken);

    /// <summary>Publishes a model.</summary>
    /// <param name="manifestBlob">The manifest blob.</param>
    /// <param name="model">The stored model, from its present position to its end.</param>
    /// <param name="modelKey">16 bytes for an encrypted model, otherwise null.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<ArtifactInfo> PublishAsync(byte[] manifestBlob, Stream model, byte[]? modelKey = null, CancellationToken cancellationToken = default)
    {
        using var content = new MultipartFormDataContent
        {
            { new ByteArrayContent(manifestBlob), "manifest", "manifest" },
            { new StreamContent(model), "model", "model" },
        };
        if (modelKey is not null)
            content.Add(new StringContent(Convert.ToHexStringLower(modelKey)), "modelKey");
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, Routes.Artifacts, content, cancellationToken);
        return await ReadAsync<ArtifactInfo>(response, cancellationToken);
    }

    /// <summary>All artifacts, newest first.</summary>
    public Task<ArtifactInfo[]> ArtifactsAsync(CancellationToken cancellationToken = default) => GetAsync<ArtifactInfo[]>(Routes.Artifacts, cancellationToken);

    /// <summary>An artifact by manifest id or NAME@VERSION.</summary>
    public Task<ArtifactInfo> ArtifactAsync(string id, CancellationToken cancellationToken = default) => GetAsync<ArtifactInfo>(Path(Routes.Artifact, id), cancellationToken);

    /// <summary>The fleet's publisher keys, oldest first.</summary>
    public Task<PublisherKeyInfo[]> PublisherKeysAsync(CancellationToken cancellationToken = default) =>
        GetAsync<PublisherKeyInfo[]>(Routes.PublisherKeys, cancellationToken);

    /// <summary>Sets the fleet's first publisher key.</summary>
    public Task<PublisherKeyInfo> SetPublisherKeyAsync(byte[] publicKey, CancellationToken cancellationToken = default) =>
        PostAsync<PublisherKeyInfo>(Routes.PublisherKeys, new PublisherKeyRequest { PublicKey = Convert.ToHexStringLower(publicKey) }, cancellationToken);

    /// <summary>Goes on to the next publisher key.</summary>
    public Task<PublisherKeyInfo> RotatePublisherKeyAsync(byte[] rotation, CancellationToken cancellationToken = default) =>
        PostAsync<PublisherKeyInfo>(Routes.PublisherKeys, new PublisherKeyRequest { Rotation = Convert.ToHexStringLower(rotation) }, cancellationToken);

    /// <summary>Devices, by name.</summary>
    public Task<DeviceInfo[]> DevicesAsync(DeviceQuery? query = null, CancellationToken cancellationToken = default) =>
        GetAsync<DeviceInfo[]>(Routes.Devices + QueryString(query ?? new DeviceQuery()), cancellationToken);

    /// <summary>A device.</summary>
    public Task<DeviceInfo> DeviceAsync(string id, CancellationToken cancellationToken = default) => GetAsync<DeviceInfo>(Path(Routes.Device, id), cancellationToken);

    /// <summary>Gives and takes tags.</summary>
    public Task<DeviceInfo> TagAsync(string id, TagChange change, CancellationToken cancellationToken = default) =>
        PostAsync<DeviceInfo>(Path(Routes.DeviceTags, id), change, cancellationToken);

    /// <summary>Revokes a device: its key is not accepted any more.</summary>
    public Task<DeviceInfo> RevokeAsync(string id, CancellationToken cancellationToken = default) => DeleteAsync<DeviceInfo>(Path(Routes.Device, id), cancellationToken);

    /// <summary>Stored results of a device, oldest first.</summary>
    /// <param name="id">The device.</param>
    /// <param name="after">Only those with a higher number.</param>
    /// <param name="limit">At most as many, 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<ResultInfo[]> ResultsAsync(string id, long after = -1, int limit = 1000, CancellationToken cancellationToken = default) =>
        GetAsync<ResultInfo[]>(string.Create(CultureInfo.InvariantCulture, $"{Path(Routes.DeviceResults, id)}?after={after}&limit={limit}"), cancellationToken);

    /// <summary>Makes an enrolment token.</summary>
    public Task<TokenInfo> CreateTokenAsync(TokenRequest request, CancellationToken cancellationToken = default) =>
        PostAsync<TokenInfo>(Routes.Tokens, request, cancellationToken);

    /// <summary>Redeems an enrolment token; needs no API key.</summary>
    public Task<Enrollment> EnrollAsync(EnrollRequest request, CancellationToken cancellationToken = default) => PostAsync<Enrollment>(Routes.Enroll, request, cancellationToken);

    /// <summary>All rollouts, newest first.</summary>
    public Task<RolloutInfo[]> RolloutsAsync(CancellationToken cancellationToken = default) => GetAsync<RolloutInfo[]>(Routes.Rollouts, cancellationToken);

    /// <summary>A rollout.</summary>
    public Task<RolloutInfo> RolloutAsync(long id, CancellationToken cancellationToken = default) => GetAsync<RolloutInfo>(Path(Routes.Rollout, id), cancellationToken);

    /// <summary>Makes a rollout, which starts at once.</summary>
    public Task<RolloutInfo> CreateRolloutAsync(RolloutRequest request, CancellationToken cancellationToken = default) =>
        PostAsync<RolloutInfo>(Routes.Rollouts, request, cancellationToken);

    /// <summary>The devices of a rollout, in the order in which stages take them.</summary>
    public Task<RolloutDevice[]> RolloutDevicesAsync(long id, CancellationToken cancellationToken = default) =>
        GetAsync<RolloutDevice[]>(Path(Routes.RolloutDevices, id), cancellationToken);

    /// <summary>What happened to a rollout, oldest first.</summary>
    public Task<AuditEntry[]> RolloutHistoryAsync(long id, CancellationToken cancellationToken = default) =>
        GetAsync<AuditEntry[]>(Path(Routes.RolloutHistory, id), cancellationToken);

    /// <summary>No new orders until it is resumed.</summary>
    public Task<RolloutInfo> PauseAsync(long id, CancellationToken cancellationToken = default) => PostAsync<RolloutInfo>(Path(Routes.RolloutPause, id), null, cancellationToken);

    /// <summary>Goes on.</summary>
    public Task<RolloutInfo> ResumeAsync(long id, CancellationToken cancellationToken = default) => PostAsync<RolloutInfo>(Path(Routes.RolloutResume, id), null, cancellationToken);

    /// <summary>No new orders for good.</summary>
    public Task<RolloutInfo> AbortAsync(long id, CancellationToken cancellationToken = default) => PostAsync<RolloutInfo>(Path(Routes.RolloutAbort, id), null, cancellationToken);

    /// <summary>Updated devices go back to what they ran before.</summary>
    public Task<RolloutInfo> RollbackAsync(long id, CancellationToken cancellationToken = default) =>
        PostAsync<RolloutInfo>(Path(Routes.RolloutRollback, id), null, cancellationToken);

    /// <summary>Writes the audit log, lines of JSON, to a stream.</summary>
    public async Task ExportAuditAsync(Stream destination, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, Routes.Audit, null, cancellationToken);
        try
        {
            await response.Content.CopyToAsync(destination, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(exception);
        }
    }

    /// <summary>All API keys, without their secrets.</summary>
    public Task<ApiKeyInfo[]> ApiKeysAsync(CancellationToken cancellationToken = default) => GetAsync<ApiKeyInfo[]>(Routes.ApiKeys, cancellationToken);

    /// <summary>Makes an API key.</summary>
    public Task<ApiKeyCreated> CreateApiKeyAsync(ApiKeyRequest request, CancellationToken cancellationToken = default) =>
        PostAsync<ApiKeyCreated>(Routes.ApiKeys, request, cancellationToken);

    /// <summary>Revokes an API key.</summary>
    public Task<ApiKeyInfo> RevokeApiKeyAsync(string id, CancellationToken cancellationToken = default) => DeleteAsync<ApiKeyInfo>(Path(Routes.ApiKey, id), cancellationToken);

    /// <summary>The metrics, in Prometheus' text format.</summary>
    public async Task<string> MetricsAsync(CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, Routes.Metrics, null, cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string Path(string route, object id)
    {
        int open = route.IndexOf('{', StringComparison.Ordinal);
        int close = route.IndexOf('}', StringComparison.Ordinal);
        return $"{route[..open]}{Uri.EscapeDataString(Convert.ToString(id, CultureInfo.InvariantCulture)!)}{route[(close + 1)..]}";
    }

    private static string QueryString(DeviceQuery query)
    {
        IEnumerable<(string Name, string Value)> values =
        [
            .. query.Tags.Select(tag => ("tag", tag)),
            .. query.Names.Select(name => ("name", name)),
            .. query.Board is { } board ? [("board", board)] : Array.Empty<(string, string)>(),
            .. query.Running is { } running ? [("running", running)] : Array.Empty<(string, string)>(),
        ];
        return string.Concat(values.Select((entry, index) => $"{(index == 0 ? '?' : '&')}{entry.Name}={Uri.EscapeDataString(entry.Value)}"));
    }

    private async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    private async Task<T> DeleteAsync<T>(string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Delete, path, null, cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    private async Task<T> PostAsync<T>(string path, object? body, CancellationToken cancellationToken)
    {
        using JsonContent? content = body is null ? null : JsonContent.Create(body, body.GetType(), options: RelayJson.Options);
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, path, content, cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(exception);
        }
        catch (TaskCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable(exception);
        }
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await FailureAsync(response, cancellationToken);
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(RelayJson.Options, cancellationToken) ?? throw BadAnswer(response, null);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(exception);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw BadAnswer(response, exception);
        }
    }

    private async Task<RelayException> FailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            if (await response.Content.ReadFromJsonAsync<ErrorBody>(RelayJson.Options, cancellationToken) is { } body)
                return new RelayException(body.Error.Code, body.Error.Message, body.Error.Hint, (int)response.StatusCode);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or HttpRequestException or InvalidOperationException)
        {
            return BadAnswer(response, exception);
        }
        return BadAnswer(response, null);
    }

    private RelayException BadAnswer(HttpResponseMessage response, Exception? inner) => new(
        RelayErrorCodes.BadAnswer, $"{Address} answered with status {(int)response.StatusCode} and a body that no relay of this version sends.",
        "Check the address, and use tools and relay of one version.", (int)response.StatusCode, inner);

    private RelayException Unreachable(Exception inner) => new(
        RelayErrorCodes.Unreachable, $"No relay answers at {Address}: {inner.Message}", "Check the address (--relay), and that the relay runs.", 0, inner);
}
