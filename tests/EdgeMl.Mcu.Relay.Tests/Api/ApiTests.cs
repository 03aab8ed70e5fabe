using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeMl.Mcu.Relay.Audit;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Tests.Support;

namespace EdgeMl.Mcu.Relay.Tests.Api;

public partial class ApiTests
{
    private static readonly string[] OpenRoutes = [Routes.Health, Routes.OpenApi, Routes.Enroll];

    [Fact]
    public async Task Nothing_but_health_the_document_and_enrolment_answers_without_a_key()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        using var http = new HttpClient { BaseAddress = relay.Host.Address };
        using JsonDocument document = await DocumentAsync(http);

        foreach ((string path, string method) in Operations(document))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), path.Replace("{id}", "1", StringComparison.Ordinal));
            using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True((response.StatusCode == HttpStatusCode.Unauthorized) != OpenRoutes.Contains(path), $"{method} {path}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task The_document_names_every_route_and_its_role()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        using var http = new HttpClient { BaseAddress = relay.Host.Address };
        using JsonDocument document = await DocumentAsync(http);
        string[] routes = [.. typeof(Routes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => Constraint().Replace((string)field.GetRawConstantValue()!, "}"))];

        Assert.Equal(routes.Order(StringComparer.Ordinal), Operations(document).Select(operation => operation.Path).Distinct().Order(StringComparer.Ordinal));
        foreach ((string path, string method) in Operations(document))
            Assert.Equal(!OpenRoutes.Contains(path), document.RootElement.GetProperty("paths").GetProperty(path).GetProperty(method).TryGetProperty("security", out _));
    }

    [Fact]
    public async Task A_role_may_do_what_it_is_for_and_no_more()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        using RelayClient viewer = relay.ClientWith((await relay.Client.CreateApiKeyAsync(new ApiKeyRequest { Name = "v", Role = Role.Viewer })).Key);
        using RelayClient operating = relay.ClientWith((await relay.Client.CreateApiKeyAsync(new ApiKeyRequest { Name = "o", Role = Role.Operator })).Key);

        await viewer.DevicesAsync();
        await operating.CreateTokenAsync(new TokenRequest());
        await ExpectAsync(RelayErrorCodes.Forbidden, 403, () => viewer.CreateTokenAsync(new TokenRequest()));
        await ExpectAsync(RelayErrorCodes.Forbidden, 403, () => viewer.PauseAsync(1));
        await ExpectAsync(RelayErrorCodes.Forbidden, 403, () => operating.PublishAsync([1], new MemoryStream([1])));
        await ExpectAsync(RelayErrorCodes.Forbidden, 403, () => operating.ApiKeysAsync());
    }

    [Fact]
    public async Task A_key_that_is_made_up_expired_or_revoked_is_refused_and_the_refusal_is_in_the_audit_log()
    {
        var time = new JumpingTime();
        await using RelayFixture relay = await RelayFixture.StartAsync(options => options with { TimeProvider = time });
        ApiKeyCreated expiring = await relay.Client.CreateApiKeyAsync(new ApiKeyRequest { Name = "short", Role = Role.Viewer, LifetimeSeconds = 60 });
        ApiKeyCreated revoked = await relay.Client.CreateApiKeyAsync(new ApiKeyRequest { Name = "gone", Role = Role.Viewer });
        await relay.Client.RevokeApiKeyAsync(revoked.Id);
        using RelayClient short60 = relay.ClientWith(expiring.Key);
        await short60.DevicesAsync();
        time.Elapse(TimeSpan.FromSeconds(61));

        foreach (string key in new[] { expiring.Key, revoked.Key, expiring.Key[..^1] + (expiring.Key[^1] == 'A' ? 'B' : 'A'), "edgeml_x_y", "nonsense", relay.ApiKey + "x" })
        {
            using RelayClient client = relay.ClientWith(key);
            await ExpectAsync(RelayErrorCodes.Unauthorized, 401, () => client.DevicesAsync());
        }
        Assert.Contains("api-key.refused", await AuditAsync(relay), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_key_of_a_publisher_cannot_be_revoked()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        ApiKeyInfo first = Assert.Single(await relay.Client.ApiKeysAsync());

        await ExpectAsync(RelayErrorCodes.Conflict, 409, () => relay.Client.RevokeApiKeyAsync(first.Id));
    }

    [Fact]
    public async Task The_first_key_is_shown_once_and_kept_in_a_file_for_its_owner()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        Assert.Equal(relay.ApiKey, (await File.ReadAllTextAsync(relay.Host.FirstApiKeyFile, TestContext.Current.CancellationToken)).Trim());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(relay.Host.FirstApiKeyFile));

        await relay.RestartAsync();

        Assert.Null(relay.Host.FirstApiKey);
        await relay.Client.InfoAsync();
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("[]", 400)]
    [InlineData("""{"artifact": 5}""", 400)]
    [InlineData("""{"artifact": "a@1", "stage": []}""", 400)]
    [InlineData("""{"artifact": "a@1", "gates": null}""", 400)]
    [InlineData("""{"artifact": "a@1", "target": null}""", 400)]
    [InlineData("""{"artifact": "a@1", "stages": [null]}""", 400)]
    [InlineData("""{"artifact": "a@1", "target": {"tags": [null]}}""", 404)]
    [InlineData("""{"artifact": "nobody@1"}""", 404)]
    public async Task A_malformed_request_is_answered_with_code_and_message(string body, int status)
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        using var http = new HttpClient { BaseAddress = relay.Host.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", relay.ApiKey);

        using HttpResponseMessage response = await http.PostAsync(Routes.Rollouts, new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        string answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
        ErrorBody error = JsonSerializer.Deserialize<ErrorBody>(answer, RelayJson.Options)!;
        Assert.StartsWith("relay.", error.Error.Code, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_path_or_method_is_answered_in_the_same_way()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        using var http = new HttpClient { BaseAddress = relay.Host.Address };

        foreach ((HttpMethod method, string path) in new[] { (HttpMethod.Get, "/nothing"), (HttpMethod.Put, Routes.Devices) })
        {
            using HttpResponseMessage response = await http.SendAsync(new HttpRequestMessage(method, path), TestContext.Current.CancellationToken);
            Assert.InRange((int)response.StatusCode, 404, 405);
            Assert.NotNull((await response.Content.ReadFromJsonAsync<ErrorBody>(RelayJson.Options, TestContext.Current.CancellationToken))!.Error.Code);
        }
    }

    [Fact]
    public async Task A_relay_that_is_not_there_is_unreachable()
    {
        using var client = new RelayClient(new Uri("http://127.0.0.1:1"), "x");

        RelayException failure = await Assert.ThrowsAsync<RelayException>(() => client.InfoAsync());

        Assert.Equal(RelayErrorCodes.Unreachable, failure.Code);
        Assert.True(failure.IsUnreachable);
    }

    [Fact]
    public async Task Metrics_are_lines_that_Prometheus_reads()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();

        string[] lines = (await relay.Client.MetricsAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Contains("edgeml_devices 0", lines);
        Assert.All(lines, line => Assert.Matches("^(# (HELP|TYPE) edgeml_[a-z_]+ .+|edgeml_[a-z_]+(\\{[a-z]+=\"[a-z]+\"\\})? [0-9]+)$", line));
        Assert.All(lines.Where(line => line[0] != '#'), line => Assert.Contains($"# TYPE {line.Split(' ', '{')[0]} ", string.Join('\n', lines), StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_operators_did_is_in_a_log_that_verifies()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        await relay.Client.CreateApiKeyAsync(new ApiKeyRequest { Name = "x", Role = Role.Viewer });
        await relay.Client.CreateTokenAsync(new TokenRequest { Device = "lamp" });
        await relay.PublishAsync(TestModels.Good(1));

        string log = await AuditAsync(relay);

        Assert.Equal(5, AuditLog.Verify(new MemoryStream(Encoding.UTF8.GetBytes(log))).Entries);
        foreach (string action in new[] { "api-key.create", "token.create", "artifact.publish", "publisher-key.set" })
            Assert.Contains(action, log, StringComparison.Ordinal);
        Assert.DoesNotContain(relay.ApiKey.Split('_', 3)[2], log, StringComparison.Ordinal);
    }

    private static async Task<JsonDocument> DocumentAsync(HttpClient http) =>
        JsonDocument.Parse(await http.GetStringAsync(new Uri(Routes.OpenApi, UriKind.Relative), TestContext.Current.CancellationToken));

    private static IEnumerable<(string Path, string Method)> Operations(JsonDocument document) =>
        document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => (path.Name, method.Name)));

    private static async Task<string> AuditAsync(RelayFixture relay)
    {
        var stream = new MemoryStream();
        await relay.Client.ExportAuditAsync(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static async Task ExpectAsync(string code, int status, Func<Task> request)
    {
        RelayException failure = await Assert.ThrowsAsync<RelayException>(request);
        Assert.Equal((code, status), (failure.Code, failure.StatusCode));
    }

    [GeneratedRegex(@":\w+\}")]
    private static partial Regex Constraint();
}
