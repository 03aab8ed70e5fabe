using EdgeMl.Mcu.Bench.Hil.Configuration;
using EdgeMl.Mcu.Bench.Hil.Power;
using EdgeMl.Mcu.Bench.WireProtocol;

namespace EdgeMl.Mcu.Bench.Hil.Boards;

/// <summary>A board as a bench reaches it: two serial ports, a power switch, and the application that it is to run.</summary>
public abstract class BoardUnderTest : IDisposable
{
    /// <summary>Serial port of the Wire Protocol.</summary>
    public abstract string WirePort { get; }

    /// <summary>Serial port of the bench link.</summary>
    public abstract string LinkPort { get; }

    /// <summary>Bits per second of <see cref="LinkPort"/>.</summary>
    public abstract int LinkBaudRate { get; }

    /// <summary>Switches it off and on; null where nothing can.</summary>
    public abstract BoardPower? Power { get; }

    /// <summary>Whether its times are counted, not measured.</summary>
    public abstract bool IsVirtual { get; }

    /// <summary>Whether there is an application to deploy.</summary>
    public abstract bool HasApplication { get; }

    /// <summary>The assemblies to deploy.</summary>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.BadApplication"/>.</exception>
    public abstract IReadOnlyList<NanoAssemblyFile> Application();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives up what the bench itself has of the board.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>A board on the desk.</summary>
/// <param name="configuration">Its part of the bench's file.</param>
public sealed class RealBoard(BoardConfiguration configuration) : BoardUnderTest
{
    /// <inheritdoc/>
    public override string WirePort => configuration.WirePort!;

    /// <inheritdoc/>
    public override string LinkPort => configuration.LinkPort!;

    /// <inheritdoc/>
    public override int LinkBaudRate => configuration.LinkBaudRate;

    /// <inheritdoc/>
    public override BoardPower? Power { get; } = configuration.Power is { } power ? new CommandPower(power) : null;

    /// <inheritdoc/>
    public override bool IsVirtual => false;

    /// <inheritdoc/>
    public override bool HasApplication => configuration.Application is not null;

    /// <inheritdoc/>
    public override IReadOnlyList<NanoAssemblyFile> Application() => configuration.Application is { } folder ? NanoAssemblyFile.ReadFolder(folder) : [];
}
