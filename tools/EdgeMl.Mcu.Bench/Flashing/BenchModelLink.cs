using EdgeMl.Mcu.Bench.Link;

namespace EdgeMl.Mcu.Bench.Flashing;

/// <summary>The bench link as a way to give a board its model. The application must have started.</summary>
/// <param name="client">The link; the caller keeps it.</param>
public sealed class BenchModelLink(LinkClient client) : IModelLink
{
    private const string ModelFile = "model.emlm";

    /// <inheritdoc/>
    public string Name => $"the device application over {client.PortName}";

    /// <inheritdoc/>
    public string Identify(CancellationToken cancellationToken)
    {
        LinkIdentity identity = client.Identify(cancellationToken);
        return $"hello from {identity.Board}{(identity.Device.Length > 0 ? $", device {identity.Device}" : "")}: application {identity.Firmware}, link {identity.ProtocolVersion}, models of ABI {identity.RuntimeAbi}";
    }

    /// <summary>Puts the model into the device's files where it has some, else into its RAM until it restarts.</summary>
    public void Put(byte[] model, Action<double>? progress, CancellationToken cancellationToken)
    {
        LinkIdentity identity = client.Identify(cancellationToken);
        if (identity.HasFiles && identity.FileBytesMax >= model.Length)
            client.PutFile(ModelFile, model, progress, cancellationToken);
        else
            client.PutModel(model, progress, cancellationToken);
    }
}
