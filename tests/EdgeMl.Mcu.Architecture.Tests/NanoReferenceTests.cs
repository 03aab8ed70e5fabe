using EdgeMl.Mcu.Architecture.Tests.DeviceCode;
using EdgeMl.Mcu.Testing;
using Mono.Cecil;

namespace EdgeMl.Mcu.Architecture.Tests;

public class NanoReferenceTests
{
    public static TheoryData<string> Assemblies => [.. SubsetBuilds.NanoReferenceNames];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void An_assembly_has_the_identity_of_the_real_one_and_no_signature_or_reference_that_it_has_not(string name)
    {
        using AssemblyDefinition real = ReadReal(name);
        using AssemblyDefinition ours = ReadOurs(name);

        Assert.Equal(real.FullName, ours.FullName);
        Assert.Equal(real.Name.PublicKey, ours.Name.PublicKey);
        Assert.Empty(ReferencesOf(ours).Except(ReferencesOf(real)));
        Assert.Empty(PublicApi.Of(ours).Except(PublicApi.Of(real)));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void An_assembly_has_the_public_key_of_nanoFramework(string name)
    {
        using AssemblyDefinition ours = ReadOurs(name);

        Assert.Equal("c07d481e9758c731", Convert.ToHexStringLower(ours.Name.PublicKeyToken));
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
    [InlineData("public enum E { A }", "public enum E : byte { A }")]
    [InlineData("public enum E { A }", "[System.Flags] public enum E { A }")]
    [InlineData("public class C { protected int f; }", "public class C { }")]
    public void A_signature_that_differs_is_found(string ours, string real)
    {
        using ModuleDefinition first = DeviceSnippet.Compile(ours);
        using ModuleDefinition second = DeviceSnippet.Compile(real);

        Assert.NotEmpty(PublicApi.Of(first.Assembly).Except(PublicApi.Of(second.Assembly)));
    }

    private static AssemblyDefinition ReadOurs(string name) => AssemblyDefinition.ReadAssembly(SubsetBuilds.ReferenceTo(name));

    private static AssemblyDefinition ReadReal(string name)
    {
        string? folder = Environment.GetEnvironmentVariable("EDGEML_NANO_LIBS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "EDGEML_NANO_LIBS does not name a folder with nanoFramework's assemblies");
        string path = Path.Combine(folder!, name + ".dll");
        Assert.SkipUnless(File.Exists(path), $"the folder that EDGEML_NANO_LIBS names has no {name}.dll");
        return AssemblyDefinition.ReadAssembly(path);
    }

    private static IEnumerable<string> ReferencesOf(AssemblyDefinition assembly) =>
        assembly.MainModule.AssemblyReferences.Select(reference => reference.FullName);
}
