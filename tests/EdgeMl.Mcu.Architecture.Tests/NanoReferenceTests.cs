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

    [Theory]
    [InlineData("public class C { public void F(int a) { } }", "public class C { public void F(int b) { } }")]
    [InlineData("public class C { public void F(int a) { } }", "public class C { public void F(long a) { } }")]
    [InlineData("public class C { public int F() => 1; }", "public class C { protected int F() => 1; }")]
    [InlineData("public class C { public int F() => 1; }", "public class C { public static int F() => 1; }")]
    [InlineData("public class C { public const int F = 1; }", "public class C { public const int F = 2; }")]
    [InlineData("public class C { public void F(int a = 1) { } }", "public class C { public void F(int a) { } }")]
    [InlineData("public class C { public void F(params int[] a) { } }", "public class C { public void F(int[] a) { } }")]
    [InlineData("public class C { }", "public sealed class C { }")]
    [InlineData("public class C : System.IDisposable { public void Dispose() { } }", "public class C { public void Dispose() { } }")]
    public void A_signature_that_differs_is_found(string ours, string real)
    {
        using ModuleDefinition first = DeviceSnippet.Compile(ours);
        using ModuleDefinition second = DeviceSnippet.Compile(real);

        Assert.NotEmpty(PublicApi.Of(first.Assembly).Except(PublicApi.Of(second.Assembly)));
    }

    private static AssemblyDefinition ReadReal()
    {
        string? folder = Environment.GetEnvironmentVariable("EDGEML_NANO_LIBS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "EDGEML_NANO_LIBS does not name a folder with the real mscorlib.dll");
        return AssemblyDefinition.ReadAssembly(Path.Combine(folder!, "mscorlib.dll"));
    }
}
