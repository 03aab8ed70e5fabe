using System.Net;
using System.Text.Json;
using EdgeMl.Mcu.Ota.Keys;
using EdgeMl.Mcu.Relay;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Boards;
using Microsoft.Extensions.Logging;

namespace EdgeMl.Mcu.Cli.Tests;

/// <summary>The verbs of a fleet against a relay, with its address and key in edgeml.json.</summary>
public sealed class FleetTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private RelayHost _relay = null!;

    public async ValueTask InitializeAsync()
    {
        PublisherKey publisher = PublisherKey.Create(new KeyPaths(_folder.File("publisher.key"), _folder.File("machine")), KeyFileOptions.Files);
        File.WriteAllBytes(_folder.File("manifest"), publisher.Sign(Ota.Manifests.ManifestContent.Of(Model(), "digits", "1.0")));
        File.WriteAllBytes(_folder.File("model.emlm"), Model());
        File.WriteAllBytes(_folder.File("publisher.pub"), PublicKeyFile.Write(publisher.PublicKey, 0));
        _relay = await RelayHost.StartAsync(new RelayOptions
        {
            DataFolder = _folder.File("relay"),
            HttpEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
            BrokerEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
            LogLevel = LogLevel.Error,
        });
        File.WriteAllText(_folder.File("edgeml.json"), JsonSerializer.Serialize(new Dictionary<string, string> { ["relay"] = _relay.Address.ToString(), ["api-key"] = _relay.FirstApiKey! }));
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_model_goes_from_its_manifest_to_every_device()
    {
        Succeeds("ota", "trust", _folder.File("publisher.pub"));
        using var client = new RelayClient(_relay.Address, _relay.FirstApiKey);
        var options = new SimulationOptions { Board = BoardCatalog.Find("ESP32"), Tags = ["beta"], RetryMilliseconds = 100 };
        await using SimulatedFleet fleet = await SimulatedFleet.StartAsync(client, 3, options, null, TestContext.Current.CancellationToken);
        Succeeds("ota", "publish", _folder.File("manifest"), _folder.File("model.emlm"));

        JsonElement rollout = Succeeds("ota", "rollout", "digits@1.0", "--tag", "beta", "--stages", "1,100%", "--watch", "--json").Json;

        Assert.Equal("completed", rollout.GetProperty("state").GetString());
        Assert.Equal(3, rollout.GetProperty("counts").GetProperty("succeeded").GetInt32());
        JsonElement devices = Succeeds("devices", "list", "--running", "digits@1.0", "--json").Json;
        Assert.Equal(["sim-00", "sim-01", "sim-02"], devices.EnumerateArray().Select(device => device.GetProperty("id").GetString()));
        Assert.Contains("digits@1.0", Succeeds("ota", "models").Output, StringComparison.Ordinal);
        Assert.Contains("rollout.completed", Succeeds("ota", "history", "1").Output, StringComparison.Ordinal);
        Assert.Contains("3 done", Succeeds("ota", "status", "1").Output, StringComparison.Ordinal);
        Assert.All(fleet.Devices, device => Assert.NotNull(device.RunningId));
    }

    [Fact]
    public void Tokens_tags_and_api_keys_are_made_and_taken_back()
    {
        JsonElement token = Succeeds("devices", "enroll", "kitchen", "--tag", "floor=1", "--json").Json;
        Assert.NotEmpty(token.GetProperty("token").GetString()!);
        JsonElement key = Succeeds("relay", "keys", "new", "alice", "--role", "viewer", "--days", "1", "--json").Json;

        CommandLineRun denied = Run("devices", "enroll", "--api-key", key.GetProperty("key").GetString()!);

        denied.ShouldFail(ExitCodes.Refused, RelayErrorCodes.Forbidden);
        Succeeds("relay", "keys", "revoke", key.GetProperty("id").GetString()!);
        Run("devices", "list", "--api-key", key.GetProperty("key").GetString()!).ShouldFail(ExitCodes.Refused, RelayErrorCodes.Unauthorized);
        Assert.Contains("alice", Succeeds("relay", "keys", "list").Output, StringComparison.Ordinal);
        Assert.Contains("fleet 'default'", Succeeds("relay", "info").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_a_trusted_signature_is_refused_with_exit_code_4()
    {
        Run("ota", "publish", _folder.File("manifest"), _folder.File("model.emlm")).ShouldFail(ExitCodes.Refused, RelayErrorCodes.NoPublisherKey);
        Succeeds("ota", "trust", _folder.File("publisher.pub"));
        byte[] manifest = File.ReadAllBytes(_folder.File("manifest"));
        manifest[100] ^= 1;
        string altered = _folder.Write("altered", manifest);

        CommandLineRun run = Run("ota", "publish", altered, _folder.File("model.emlm"));

        Assert.Equal(ExitCodes.Refused, run.ExitCode);
        Assert.Contains("error ota.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_audit_log_that_was_altered_names_the_line()
    {
        Succeeds("devices", "enroll", "kitchen");
        Succeeds("devices", "enroll", "cellar");
        string log = _folder.File("audit.jsonl");
        Succeeds("ota", "audit", "-o", log);
        Succeeds("ota", "audit", "--verify", log);
        string[] lines = File.ReadAllLines(log);
        lines[1] = lines[1].Replace("kitchen", "kitchem", StringComparison.Ordinal).Replace("\"actor\":\"", "\"actor\":\"x", StringComparison.Ordinal);
        File.WriteAllLines(log, lines);

        CommandLineRun run = Run("ota", "audit", "--verify", log);

        run.ShouldFail(ExitCodes.Refused, RelayErrorCodes.AuditBroken);
        Assert.Contains("Line 2", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_relay_that_does_not_answer_is_unreachable() =>
        CommandLineRun.Of("ota", "status", "--relay", "http://127.0.0.1:1").ShouldFail(ExitCodes.Unreachable, RelayErrorCodes.Unreachable);

    [Theory]
    [InlineData("0%")]
    [InlineData("ten")]
    [InlineData("101%")]
    [InlineData("5,,100%")]
    public void Stages_that_are_none_are_wrong_use(string stages) =>
        Assert.Equal(ExitCodes.Usage, Run("ota", "rollout", "digits@1.0", "--stages", stages).ExitCode);

    private CommandLineRun Succeeds(params string[] arguments)
    {
        CommandLineRun run = Run(arguments);
        Assert.True(run.ExitCode == ExitCodes.Ok, $"{string.Join(' ', arguments)}: {run.Error}");
        return run;
    }

    private CommandLineRun Run(params string[] arguments) => CommandLineRun.In(_folder.Path, TestContext.Current.CancellationToken, arguments);

    private static byte[] Model() => File.ReadAllBytes(Repository.PathOf("docs/vectors/model.emlm"));
}
