using EdgeMl.Mcu.Architecture.Tests.DeviceCode;
using EdgeMl.Mcu.Metering;
using Mono.Cecil;

namespace EdgeMl.Mcu.Architecture.Tests;

public class DeviceAssemblyTests
{
    public static TheoryData<string> Projects => [.. DeviceAssemblies.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_device_assembly_holds_only_what_runs_on_the_device(string project)
    {
        using ModuleDefinition module = DeviceAssemblies.Read(project);

        TestContext.Current.SendDiagnosticMessage(
            "{0}: {1} of {2} bytes of bytecode", project, DeviceRules.ByteCodeSize(module), NanoByteCode.AssemblyLimit);
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
    public void The_runtime_is_a_device_project() => Assert.Contains("EdgeMl.Mcu.Runtime", DeviceAssemblies.Projects);

    [Fact]
    public void The_runtime_has_kernels()
    {
        using ModuleDefinition module = DeviceAssemblies.Read("EdgeMl.Mcu.Runtime");

        Assert.NotEmpty(KernelRules.RunMethods(module));
    }
}
