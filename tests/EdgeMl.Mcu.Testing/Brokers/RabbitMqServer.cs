using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace EdgeMl.Mcu.Testing.Brokers;

/// <summary>RabbitMQ with its MQTT plug-in, a node of its own with its own Erlang port mapper.</summary>
/// <remarks>
/// RabbitMQ takes '.' in a topic for '/'. A retained message reaches subscriptions to exactly its topic only. Without users, only clients
/// that send no user may connect.
/// </remarks>
public sealed class RabbitMqServer : ExternalBroker
{
    private const string Package = "rabbitmq-server";

    // The one on PATH starts this one as another user, where root installed it.
    private const string DebianPath = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private readonly string _path = File.Exists(DebianPath) ? DebianPath : ExternalProgram.Need("rabbitmq-server", Package);
    private readonly string _portMapper = ExternalProgram.Need("epmd", Package);
    private readonly int _portMapperPort = FreePort(), _distributionPort = FreePort();

    /// <summary>Makes a broker that does not run yet.</summary>
    /// <param name="users">Who may connect; nobody means everybody who sends no user.</param>
    public RabbitMqServer(params BrokerUser[] users)
    {
        string address = EndPoint.Address.ToString();
        Folder.Write("enabled_plugins", "[rabbitmq_mqtt].\n");
        Folder.Write("definitions.json", JsonSerializer.Serialize(Definitions(users)));
        Folder.Write("rabbitmq.conf", string.Join('\n',
            "listeners.tcp = none",
            $"mqtt.listeners.tcp.1 = {EndPoint}",
            $"mqtt.allow_anonymous = {(users.Length == 0 ? "true" : "false")}",
            $"distribution.listener.interface = {address}",
            Text($"distribution.listener.port_range.min = {_distributionPort}"),
            Text($"distribution.listener.port_range.max = {_distributionPort}"),
            users.Length == 0 ? "default_user = guest" : $"load_definitions = {Folder.File("definitions.json")}",
            ""));
    }

    private string Log => Folder.File("rabbit.log");

    /// <inheritdoc/>
    protected override Task LaunchAsync()
    {
        File.Delete(Log);
        Run(_portMapper, null, "-port", Text($"{_portMapperPort}"), "-address", EndPoint.Address.ToString());
        Run(_path, new Dictionary<string, string>
        {
            ["HOME"] = Folder.Path,
            ["ERL_EPMD_PORT"] = Text($"{_portMapperPort}"),
            ["ERL_EPMD_ADDRESS"] = EndPoint.Address.ToString(),
            ["RABBITMQ_NODENAME"] = "edgeml@localhost",
            ["RABBITMQ_MNESIA_BASE"] = Folder.File("mnesia"),
            ["RABBITMQ_GENERATED_CONFIG_DIR"] = Folder.File("generated"),
            ["RABBITMQ_LOG_BASE"] = Folder.Path,
            ["RABBITMQ_LOGS"] = Log,
            ["RABBITMQ_PID_FILE"] = Folder.File("pid"),
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_CONFIG_FILE"] = Folder.File("rabbitmq.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Folder.File("enabled_plugins"),
            // One scheduler: a node for a handful of clients needs no more, and others use the machine too.
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-start_epmd false +S 1:1",
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override bool IsReadyToServe()
    {
        if (!File.Exists(Log))
            return false;
        using var reader = new StreamReader(new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Contains("Server startup complete", StringComparison.Ordinal);
    }

    private static object Definitions(BrokerUser[] users) => new
    {
        vhosts = new[] { new { name = "/" } },
        users = users.Select(user => new { name = user.Name, password_hash = Hash(user.Password), hashing_algorithm = "rabbit_password_hashing_sha256", tags = "" }),
        permissions = users.Select(user => new { user = user.Name, vhost = "/", configure = ".*", write = ".*", read = ".*" }),
    };

    // Salt and SHA-256 of salt and password, as RabbitMQ keeps it.
    private static string Hash(string password)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(4);
        return Convert.ToBase64String([.. salt, .. SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(password)])]);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
