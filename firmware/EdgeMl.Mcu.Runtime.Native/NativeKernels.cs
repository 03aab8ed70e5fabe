using System;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Runtime.Native;

/// <summary>Chooses between native and managed kernels, once at start.</summary>
public static class NativeKernels
{
    /// <summary>Version of the native functions that this assembly calls.</summary>
    public const int Version = 1;

    private static readonly int[] OpCodes =
    {
        (int)OpCode.FullyConnected, (int)OpCode.Conv2D, (int)OpCode.DepthwiseConv2D, (int)OpCode.PackedConv2D, (int)OpCode.PackedPositions, (int)OpCode.SlidingDepthwiseConv2D,
        (int)OpCode.ByteRowFullyConnected, (int)OpCode.LineDepthwiseConv2D, (int)OpCode.FullyConnectedInt4, (int)OpCode.Conv2DInt4, (int)OpCode.PackedConv2DInt4,
    };

    /// <summary>
    /// Puts native kernels in the place of the managed ones, for all models that are loaded afterwards: call it before the first one, and after optional kernels are installed, because
    /// only those that are there are replaced. Where the firmware has none, or others than <see cref="Version"/>, everything stays managed.
    /// </summary>
    /// <returns>Whether native kernels run from now on.</returns>
    public static bool TryInstall()
    {
        if (!IsAvailable())
            return false;
        for (int i = 0; i < OpCodes.Length; i++)
        {
            Kernel managed = KernelTable.Find(OpCodes[i]);
            if (managed != null && !(managed is NativeKernel))
                KernelTable.Replace(OpCodes[i], new NativeKernel(OpCodes[i], managed));
        }
        return true;
    }

    /// <summary>Puts the managed kernels back.</summary>
    public static void Uninstall()
    {
        for (int i = 0; i < OpCodes.Length; i++)
        {
            if (KernelTable.Find(OpCodes[i]) is NativeKernel native)
                KernelTable.Replace(OpCodes[i], native.Managed);
        }
    }

    private static bool IsAvailable()
    {
        // The only way to learn whether a method has native code is to call it.
        try
        {
            return NativeMethods.Version() == Version;
        }
#if NET
        catch (DllNotFoundException)
        {
            return false;
        }
#endif
        catch (NotSupportedException)
        {
            return false;
        }
    }
}
