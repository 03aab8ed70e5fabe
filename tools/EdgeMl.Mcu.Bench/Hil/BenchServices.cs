using EdgeMl.Mcu.Bench.Devices.Boards;
using EdgeMl.Mcu.Bench.Hil.Configuration;
using EdgeMl.Mcu.Bench.Hil.Models;
using EdgeMl.Mcu.Bench.Hil.Updates;

namespace EdgeMl.Mcu.Bench.Hil;

/// <summary>What a bench needs of others: descriptors, models, predictions, a relay. Called from one thread.</summary>
public abstract class BenchServices
{
    /// <summary>Version of the tool, for reports.</summary>
    public abstract string ToolVersion { get; }

    /// <summary>The descriptor of a board.</summary>
    /// <param name="name">Name or alias.</param>
    public abstract BenchBoard Board(string name);

    /// <summary>Reads a model, and makes sure that this machine's runtime gives the outputs that its files expect.</summary>
    /// <param name="model">Which one.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.BenchModel"/>.</exception>
    public abstract GoldenModel Model(ModelConfiguration model);

    /// <summary>Counts what an inference of a model executes on a device.</summary>
    /// <param name="file">The .emlm file.</param>
    public abstract LatencyPrediction Predict(byte[] file);

    /// <summary>The nano-subset builds of the runtime and its optional kernels, on which a virtual board counts its work.</summary>
    public abstract IReadOnlyList<byte[]> RuntimeImages { get; }

    /// <summary>Starts a relay with a fleet of its own, which ends with it.</summary>
    /// <param name="broker">Its broker.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public abstract Task<BenchRelay> StartRelayAsync(BrokerConfiguration broker, CancellationToken cancellationToken);

    /// <summary>Code and hint of an exception of any library; null for a bug.</summary>
    public abstract (string Code, string? Hint)? Explain(Exception exception);

    /// <summary>Reads a device's configuration file, as the device does.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="board">Name of the board.</param>
    /// <returns>What it makes of the device; null where the device would not take it.</returns>
    public abstract VirtualMembership? ReadConfiguration(byte[] file, string board);

    /// <summary>The configuration file that makes a device a member of a relay's fleet.</summary>
    /// <param name="identity">What the relay gave it.</param>
    /// <param name="board">The board in the bench.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.BenchFile"/>: the environment lacks the network's password.</exception>
    public abstract DeviceFile Configure(DeviceIdentity identity, BoardConfiguration board);
}

/// <summary>A file for a device.</summary>
/// <param name="Name">Its name, without a drive.</param>
/// <param name="Content">Its bytes.</param>
public sealed record DeviceFile(string Name, byte[] Content);
