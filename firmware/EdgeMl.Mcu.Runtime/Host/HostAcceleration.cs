#if NET
using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

[assembly: InternalsVisibleTo("EdgeMl.Mcu.Runtime.Tests")]
[assembly: InternalsVisibleTo("EdgeMl.Mcu.Toolchain.Tests")]
[assembly: InternalsVisibleTo("EdgeMl.Mcu.Benchmarks")]
[assembly: InternalsVisibleTo("EdgeMl.Mcu.Native.Tests")]
[assembly: InternalsVisibleTo("EdgeMl.Mcu.Toolchain.Tests")]

namespace EdgeMl.Mcu.Runtime.Host;

/// <summary>
/// Whether the host computes layers with vector instructions. Both ways give the same bits: sums of int32 products wrap around, so their order does
/// not matter. The device has none of the sources in this folder.
/// </summary>
internal static class HostAcceleration
{
    /// <summary>AppContext switch that keeps a whole process on the device's scalar kernels.</summary>
    internal const string ScalarSwitch = "EdgeMl.Mcu.Runtime.ScalarKernels";

    private static readonly bool Possible =
        BitConverter.IsLittleEndian && Vector128.IsHardwareAccelerated && !(AppContext.TryGetSwitch(ScalarSwitch, out bool scalar) && scalar);

    [ThreadStatic]
    private static bool _scalar;

    /// <summary>Whether the present thread uses vector instructions.</summary>
    internal static bool Enabled
    {
        get => Possible && !_scalar;
        set => _scalar = !value;
    }
}
#endif
