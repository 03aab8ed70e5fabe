using EdgeMl.Mcu.Bench.Link;
using EdgeMl.Mcu.Bench.WireProtocol;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Cli.Verbs.Configure;

/// <summary>Where a configuration goes: to a board by the firmware's debug protocol or by the bench link, both restart it, or to a file.</summary>
internal sealed class ConfigurationTarget : IDisposable
{
    private readonly Action<byte[]> _write;
    private readonly IDisposable? _connection;

    private ConfigurationTarget(string name, Action<byte[]> write, IDisposable? connection)
    {
        Name = name;
        _write = write;
        _connection = connection;
    }

    /// <summary>What is written, for people.</summary>
    public string Name { get; }

    /// <summary>Opens the one target that is named, and looks whether a board answers there.</summary>
    /// <exception cref="UsageException">None is named, or several are.</exception>
    public static ConfigurationTarget Open(string? port, string? link, string? path, CancellationToken cancellation)
    {
        if (new[] { port, link, path }.Count(name => name is not null) != 1)
            throw new UsageException("The configuration goes to a board or to a file.", "Give one of --port, --link and --out.");
        if (path is not null)
            return new ConfigurationTarget(path, file => AtomicFile.WriteAllBytes(path, file), null);
        return port is not null ? OverWireProtocol(port, cancellation) : OverLink(link!, cancellation);
    }

    /// <summary>Writes the file; a board starts again with it.</summary>
    public void Write(byte[] file) => _write(file);

    /// <inheritdoc/>
    public void Dispose() => _connection?.Dispose();

    private static ConfigurationTarget OverWireProtocol(string port, CancellationToken cancellation)
    {
        WireConnection connection = WireConnection.Open(port, null, cancellation);
        var target = new ConfigurationTarget($"{DeviceConfiguration.DefaultPath} on {port}", Write, connection);
        return Checked(target, () => new WireClient(connection).Identify(cancellationToken: cancellation));

        void Write(byte[] file)
        {
            var client = new WireClient(connection);
            client.WriteFile(DeviceConfiguration.DefaultPath, file, null);
            client.RebootClr();
        }
    }

    private static ConfigurationTarget OverLink(string link, CancellationToken cancellation)
    {
        LinkClient client = LinkClient.Open(link);
        var target = new ConfigurationTarget($"{DeviceConfiguration.FileName} over {link}", Write, client);
        return Checked(target, () => client.Identify(cancellation));

        void Write(byte[] file)
        {
            client.PutFile(DeviceConfiguration.FileName, file, cancellationToken: cancellation);
            client.Reboot(cancellation);
        }
    }

    private static ConfigurationTarget Checked(ConfigurationTarget target, Action check)
    {
        try
        {
            check();
            return target;
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }
}
