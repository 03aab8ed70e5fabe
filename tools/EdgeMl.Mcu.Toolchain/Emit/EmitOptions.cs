using EdgeMl.Mcu.Toolchain.Plan;
using EdgeMl.Mcu.Toolchain.Plan.Variants;

namespace EdgeMl.Mcu.Toolchain.Emit;

/// <summary>How a graph becomes a device model.</summary>
public sealed record EmitOptions
{
    /// <summary>Whether to run the lossless passes.</summary>
    public bool Optimize { get; init; } = true;

    /// <summary>Most bytes that kernels may use beside the arena, 0 or more; more lets faster ones run.</summary>
    public int ScratchBytes { get; init; } = KernelChoice.DefaultScratchBytes;

    /// <summary>Whether every layer keeps its plain kernel, one element at a time and without scratch, as a baseline to measure against.</summary>
    public bool PlainKernels { get; init; }

    /// <summary>Most bytes of RAM for weights that the device packs when it loads the model, 0 or more: 2.7 bytes a weight make fully connected layers of one row more than twice as fast.</summary>
    public long PackedWeightBytes { get; init; }

    /// <summary>
    /// Most bytes of weights of one layer, so that the device can read weights from outside RAM in pages of that size. Fully connected layers of one row are cut to it; others must be as small.
    /// </summary>
    public int PageBytes { get; init; } = int.MaxValue;

    /// <summary>Changes the steps before kernels are chosen; null for nothing.</summary>
    internal Func<DeviceProgram, DeviceProgram>? Adapt { get; init; }
}
