using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Link.Ports;

/// <summary>The port to what only the board and its application know. No member throws.</summary>
public abstract class LinkBoard
{
    /// <summary>What a number of this class is where the board cannot tell.</summary>
    public const int Unknown = -1;

    /// <summary>Name of the board, as in <c>hardware/boards</c>; at most 32 characters.</summary>
    public abstract string Board { get; }

    /// <summary>Version of the application; at most 32 characters.</summary>
    public abstract string Firmware { get; }

    /// <summary>Device id; empty while the device is not configured. At most 32 characters.</summary>
    public abstract string Device { get; }

    /// <summary>A number that is probably another one at each start of the device, such as a random one.</summary>
    public abstract int StartId { get; }

    /// <summary>Microseconds since the start, of the finest clock that the board has.</summary>
    public abstract long Microseconds { get; }

    /// <summary>Nanoseconds between two values of <see cref="Microseconds"/>: 1,000 for a clock of microseconds, 1,000,000 for one that moves by milliseconds.</summary>
    public abstract int TimerStepNanoseconds { get; }

    /// <summary>Bytes of the managed heap, or <see cref="Unknown"/>.</summary>
    public abstract int TotalMemoryBytes { get; }

    /// <summary>Bytes of it that are free, or <see cref="Unknown"/>.</summary>
    public abstract int FreeMemoryBytes { get; }

    /// <summary>Largest free block of it in bytes, or <see cref="Unknown"/>.</summary>
    public abstract int LargestFreeBlockBytes { get; }

    /// <summary>How often garbage was collected since the start, or <see cref="Unknown"/>.</summary>
    public abstract int GarbageCollections { get; }

    /// <summary>Where files go; null where the board has no storage for them.</summary>
    public abstract LinkFiles Files { get; }

    /// <summary>Whether <see cref="Reboot"/> does anything.</summary>
    public abstract bool CanReboot { get; }

    /// <summary>Number of assemblies that the device runs, 0 where it cannot tell.</summary>
    public virtual int AssemblyCount => 0;

    /// <summary>Collects garbage, so that <see cref="FreeMemoryBytes"/> is what could be had.</summary>
    public abstract void CollectGarbage();

    /// <summary>Restarts the device. May return; it restarts soon then.</summary>
    public abstract void Reboot();

    /// <summary>Name of an assembly.</summary>
    /// <param name="index">0 to <see cref="AssemblyCount"/> - 1.</param>
    public virtual string AssemblyName(int index)
    {
        return "";
    }

    /// <summary>One of the four numbers of an assembly's version.</summary>
    /// <param name="index">0 to <see cref="AssemblyCount"/> - 1.</param>
    /// <param name="part">0 for the major, 1 minor, 2 build, 3 revision.</param>
    public virtual int AssemblyVersion(int index, int part)
    {
        return 0;
    }

    /// <summary>
    /// Is called before an inference is timed, with its inputs set: the next reading of <see cref="Microseconds"/> is its start, and the following one its end, or the end of its
    /// first layer and so on. For boards whose time is counted work.
    /// </summary>
    /// <param name="interpreter">Runs the model.</param>
    /// <param name="byLayer">Whether the clock is read after each layer.</param>
    public virtual void OnTiming(Interpreter interpreter, bool byLayer)
    {
    }
}
