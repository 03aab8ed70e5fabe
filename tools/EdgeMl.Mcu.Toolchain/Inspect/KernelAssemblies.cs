using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Packed;
using EdgeMl.Mcu.Runtime.Typed;

namespace EdgeMl.Mcu.Toolchain.Inspect;

/// <summary>The assemblies that kernels are in on the device, which are packages of the same names.</summary>
public static class KernelAssemblies
{
    /// <summary>The runtime, with the plain kernels. Every model needs it.</summary>
    public static string Runtime => typeof(KernelTable).Namespace!;

    /// <summary>The kernels on packed operands; the application calls <see cref="PackedKernels.Install"/>.</summary>
    public static string Packed => typeof(PackedKernels).Namespace!;

    /// <summary>The kernels for other elements than int8; the application calls <see cref="TypedKernels.Install"/>.</summary>
    public static string Typed => typeof(TypedKernels).Namespace!;

    /// <summary>All of them, those first that others refer to.</summary>
    public static IReadOnlyList<string> All { get; } = [Runtime, Packed, Typed];

    /// <summary>The assembly of an opcode's kernel.</summary>
    public static string Of(OpCode op) => op switch
    {
        OpCode.PackedConv2D or OpCode.PackedPositions or OpCode.SlidingDepthwiseConv2D or OpCode.ByteRowFullyConnected or OpCode.PackedRowFullyConnected or OpCode.TableAdd
            or OpCode.LineDepthwiseConv2D or OpCode.PackedConv2DInt4 => Packed,
        >= OpCode.Requantize and <= OpCode.TreeEnsemble => Typed,
        _ => Runtime,
    };

    /// <summary>The assemblies that a model needs, the runtime first. Kernels that come with a compiled model are in none of them.</summary>
    /// <param name="file">An .emlm file that has been validated.</param>
    public static IReadOnlyList<string> NeededBy(byte[] file) => NeededBy(DeviceLayers.Read(file).Select(layer => layer.Op));

    /// <summary>The assemblies that kernels need, the runtime first.</summary>
    public static IReadOnlyList<string> NeededBy(IEnumerable<OpCode> kernels)
    {
        HashSet<string> needed = [Runtime, .. kernels.Select(Of)];
        return [.. All.Where(needed.Contains)];
    }

    /// <summary>The method that adds an assembly's kernels to the runtime, to be called before a model is loaded; null for the runtime itself.</summary>
    /// <param name="assembly">One of <see cref="All"/>.</param>
    public static string? InstallerOf(string assembly) =>
        assembly == Packed ? $"{typeof(PackedKernels).FullName}.{nameof(PackedKernels.Install)}"
        : assembly == Typed ? $"{typeof(TypedKernels).FullName}.{nameof(TypedKernels.Install)}"
        : null;
}
