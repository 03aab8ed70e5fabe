#if NET
using System.Runtime.InteropServices;
#else
using System.Runtime.CompilerServices;
#endif

namespace EdgeMl.Mcu.Runtime.Native;

/// <summary>
/// The functions of <c>firmware/native/include/edgeml_interop.h</c>. On the device they are linked into the firmware, on the host they are those of the library <c>edgeml</c>.
/// A class of their own: the metadata processor numbers native methods class by class.
/// </summary>
internal static class NativeMethods
{
#if NET
    [DllImport("edgeml", EntryPoint = "eml_interop_version")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Version();

    [DllImport("edgeml", EntryPoint = "eml_interop_scratch")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Scratch(int opCode, int[] parameters);

    [DllImport("edgeml", EntryPoint = "eml_interop_run")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Run(int opCode, byte[] parameters, int parameterOffset, byte[] weights, int weightOffset, sbyte[] arena, byte[] scratch, int scratchBytes);
#else
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern int Version();

    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern int Scratch(int opCode, int[] parameters);

    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern int Run(int opCode, byte[] parameters, int parameterOffset, byte[] weights, int weightOffset, sbyte[] arena, byte[] scratch, int scratchBytes);
#endif
}
