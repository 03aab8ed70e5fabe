namespace EdgeMl.Mcu.Testing.Brokers;

/// <summary>Eclipse mosquitto.</summary>
/// <param name="users">Who may connect; nobody means everybody.</param>
public sealed class MosquittoServer(params BrokerUser[] users) : ExternalBroker
{
    private const string Package = "mosquitto";

    private readonly string _path = ExternalProgram.Need("mosquitto", Package);

    /// <summary>Further lines of the configuration file.</summary>
    public string Configuration { get; set; } = string.Empty;

    /// <inheritdoc/>
    protected override async Task LaunchAsync()
    {
        string access = users.Length == 0 ? "allow_anonymous true" : $"allow_anonymous false\nuser root\npassword_file {await WritePasswordsAsync()}";
        Run(_path, null, "-c", Folder.Write("mosquitto.conf", $"listener {EndPoint.Port} {EndPoint.Address}\n{access}\n{Configuration}\n"));
    }

    private async Task<string> WritePasswordsAsync()
    {
        string program = ExternalProgram.Need("mosquitto_passwd", Package);
        string file = Folder.Write("passwords", string.Concat(users.Select(user => $"{user.Name}:{user.Password}\n")));
        using ExternalProgram hashing = ExternalProgram.Start(program, "-U", file);
        await hashing.ExpectSuccessAsync();
        return file;
    }
}
