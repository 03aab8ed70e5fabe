using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Inspect;

namespace EdgeMl.Mcu.Toolchain.Tests;

public class KernelAssembliesTests
{
    public static TheoryData<OpCode> OpCodes => [.. Enum.GetValues<OpCode>()];

    [Theory]
    [MemberData(nameof(OpCodes))]
    public void A_kernel_is_in_the_device_assembly_that_has_its_source(OpCode op)
    {
        string assembly = KernelAssemblies.Of(op);
        string kernel = KernelTable.Find((int)op).GetType().Name;

        string[] sources = [.. KernelAssemblies.All.Where(name => File.Exists(Repository.PathOf($"firmware/{name}/{(name == KernelAssemblies.Runtime ? "Kernels/" : "")}{kernel}.cs")))];

        Assert.Equal([assembly], sources);
        string[] installers = [.. KernelAssemblies.All.Where(name => KernelAssemblies.InstallerOf(name) is not null)];
        Assert.Equal([KernelAssemblies.Packed, KernelAssemblies.Typed], installers);
        if (KernelAssemblies.InstallerOf(assembly) is { } installer)
            Assert.Contains($"KernelTable.Add(OpCode.{op}, new {kernel}(", File.ReadAllText(Repository.PathOf($"firmware/{assembly}/{installer.Split('.')[^2]}.cs")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_device_assemblies_are_those_of_the_subset_build() => Assert.Equal(SubsetBuilds.RuntimeAssemblies, KernelAssemblies.All);

    [Theory]
    [InlineData("digits_mlp")]
    [InlineData("digits_cnn")]
    public void A_model_without_scratch_needs_the_runtime_alone_and_a_faster_one_the_packed_kernels_as_well(string name)
    {
        byte[] plain = EmlmCompiler.Compile(CompiledModels.Get(name).Graph, new EmitOptions { ScratchBytes = 0 }).Bytes;

        Assert.Equal([KernelAssemblies.Runtime], KernelAssemblies.NeededBy(plain));
        Assert.Equal([KernelAssemblies.Runtime, KernelAssemblies.Packed], KernelAssemblies.NeededBy(CompiledModels.Get(name).Bytes));
    }

    [Fact]
    public void A_forest_needs_the_typed_kernels() =>
        Assert.Equal([KernelAssemblies.Runtime, KernelAssemblies.Typed], KernelAssemblies.NeededBy(EmlmCompiler.Compile(RandomTrees.Graph(RandomTrees.Create(1))).Bytes));
}
