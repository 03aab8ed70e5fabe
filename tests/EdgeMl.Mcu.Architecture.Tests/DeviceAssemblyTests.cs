using EdgeMl.Mcu.Architecture.Tests.DeviceCode;
using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Testing;
using Mono.Cecil;

namespace EdgeMl.Mcu.Architecture.Tests;

public class DeviceAssemblyTests
{
    private const int PlainRuntimeBytesMax = 30 * 1024;
    private const int WholeRuntimeBytesMax = 60 * 1024;

    public static TheoryData<string> Projects => [.. DeviceAssemblies.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_device_assembly_holds_only_what_runs_on_the_device(string project)
    {
        using ModuleDefinition module = DeviceAssemblies.Read(project);

        TestContext.Current.SendDiagnosticMessage(
            "{0}: {1} of {2} bytes of bytecode", project, NanoByteCode.SizeOf(module), NanoByteCode.AssemblyLimit);
        Assert.Empty(DeviceRules.Check(module, DeviceAssemblies.KnownNames(project)));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_kernel_neither_allocates_nor_throws_nor_keeps_state(string project)
    {
        using ModuleDefinition module = DeviceAssemblies.Read(project);

        Assert.Empty(KernelRules.Check(module));
    }

    [Fact]
    public void The_runtime_and_its_optional_kernels_are_device_projects_and_have_kernels()
    {
        Assert.Empty(SubsetBuilds.RuntimeAssemblies.Except(DeviceAssemblies.Projects));
        Assert.All(SubsetBuilds.RuntimeAssemblies, name =>
        {
            using ModuleDefinition module = DeviceAssemblies.Read(name);
            Assert.NotEmpty(KernelRules.RunMethods(module));
        });
    }

    [Fact]
    public void The_runtime_takes_at_most_30_KiB_of_bytecode_and_at_most_60_with_all_optional_kernels()
    {
        int[] sizes = [.. SubsetBuilds.RuntimeImages().Select(NanoByteCode.SizeOf)];

        Assert.InRange(sizes[0], 1, PlainRuntimeBytesMax);
        Assert.InRange(sizes.Sum(), 1, WholeRuntimeBytesMax);
    }
}
