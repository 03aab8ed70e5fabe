using EdgeMl.Mcu.Architecture.Tests.DeviceCode;
using Mono.Cecil;

namespace EdgeMl.Mcu.Architecture.Tests;

public class NanoReferenceTests
{
    [Fact]
    public void Every_signature_is_that_of_the_real_class_library()
    {
        using AssemblyDefinition real = ReadReal();
        using AssemblyDefinition ours = AssemblyDefinition.ReadAssembly(DeviceAssemblies.NanoReferencePath);

        Assert.Empty(PublicApi.Of(ours).Except(PublicApi.Of(real)));
    }

    [Fact]
    public void The_assembly_has_the_name_and_version_of_the_real_class_library()
    {
        using AssemblyDefinition real = ReadReal();
        using AssemblyDefinition ours = AssemblyDefinition.ReadAssembly(DeviceAssemblies.NanoReferencePath);

        Assert.Equal((real.Name.Name, real.Name.Version), (ours.Name.Name, ours.Name.Version));
    }

    private static AssemblyDefinition ReadReal()
    {
        string? folder = Environment.GetEnvironmentVariable("EDGEML_NANO_LIBS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "EDGEML_NANO_LIBS does not name a folder with the real mscorlib.dll");
        return AssemblyDefinition.ReadAssembly(Path.Combine(folder!, "mscorlib.dll"));
    }
}
