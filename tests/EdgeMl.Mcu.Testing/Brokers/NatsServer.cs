namespace EdgeMl.Mcu.Testing.Brokers;

/// <summary>NATS with JetStream, which its MQTT side needs.</summary>
/// <remarks>NATS 2.9 refuses topics with '.', with empty levels, or with a '/' at either end.</remarks>
/// <param name="users">Who may connect; nobody means everybody.</param>
public sealed class NatsServer(params BrokerUser[] users) : ExternalBroker
{
    private readonly string _path = ExternalProgram.Need("nats-server", "nats-server");
    private readonly int _port = FreePort();

    /// <inheritdoc/>
    protected override Task LaunchAsync()
    {
        string authorization = string.Join('\n', users.Select(user => $$"""    { user: "{{user.Name}}", password: "{{user.Password}}" }"""));
        Run(_path, null, "-c", Folder.Write("nats.conf", $$"""
            server_name: edgeml
            listen: "{{EndPoint.Address}}:{{_port}}"
            jetstream { store_dir: "{{Folder.File("jetstream")}}" }
            mqtt { listen: "{{EndPoint}}" }
            {{(users.Length == 0 ? "" : $$"""authorization { users: [ {{authorization}} ] }""")}}

            """));
        return Task.CompletedTask;
    }
}
