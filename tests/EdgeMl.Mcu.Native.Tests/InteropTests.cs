using System.Reflection;
using System.Runtime.InteropServices;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Native;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Native.Tests;

/// <summary>Keeps tests that exchange the runtime's kernels apart from all others.</summary>
[CollectionDefinition(nameof(KernelExchange), DisableParallelization = true)]
public sealed class KernelExchange;

/// <summary>The managed runtime with the native kernels of a shared library in the place of its own.</summary>
[Collection(nameof(KernelExchange))]
public sealed class InteropTests
{
    private static readonly string LibraryPath = Path.Combine(NativeDriver.BuildFolder, "shared", "libedgeml.so");

    private static bool _isLibraryInstalled;

    static InteropTests() => NativeLibrary.SetDllImportResolver(typeof(NativeKernels).Assembly, Resolve);

    [Fact]
    public void Kernels_stay_managed_without_the_library_and_are_native_with_it()
    {
        Assert.SkipUnless(NativeDriver.Host.IsAvailable && OperatingSystem.IsLinux(), NativeDriver.Host.Missing);
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        Assert.False(NativeKernels.TryInstall());
        Assert.IsNotType<NativeKernel>(KernelTable.Find((int)OpCode.Conv2D));

        NativeDriver.Make("shared");
        _isLibraryInstalled = true;
        try
        {
            Assert.True(NativeKernels.TryInstall());
            Assert.IsType<NativeKernel>(KernelTable.Find((int)OpCode.Conv2D));
            foreach (string name in CompiledModels.Golden)
            {
                Check(GoldenSamples.Plain(name));
                Check(GoldenSamples.Packed(name));
            }
        }
        finally
        {
            NativeKernels.Uninstall();
        }
        Assert.IsNotType<NativeKernel>(KernelTable.Find((int)OpCode.Conv2D));
    }

    private static void Check(GoldenSamples model) => model.Check("random", ManagedRun.Outputs(model.Case("random", 2)!));

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => _isLibraryInstalled ? NativeLibrary.Load(LibraryPath) : 0;
}
