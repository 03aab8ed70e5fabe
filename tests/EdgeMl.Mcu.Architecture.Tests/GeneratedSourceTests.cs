using EdgeMl.Mcu.KernelGenerator;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Architecture.Tests;

public class GeneratedSourceTests
{
    public static TheoryData<string> Paths => [.. GeneratedFile.All.Select(file => file.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_generated_source_file_is_what_the_generator_writes(string path) =>
        Assert.Equal(GeneratedFile.All.Single(file => file.Path == path).Text, File.ReadAllText(Repository.PathOf(path)).ReplaceLineEndings("\n"));

    [Fact]
    public void No_other_file_is_named_as_generated() =>
        Assert.Empty(SourceTree.Files.Where(path => path.EndsWith(".Generated.cs", StringComparison.Ordinal)).Except(GeneratedFile.All.Select(file => file.Path)));
}
