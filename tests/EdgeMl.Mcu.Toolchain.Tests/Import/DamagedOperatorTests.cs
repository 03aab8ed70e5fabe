using System.Collections.Concurrent;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.TfLite;
using EdgeMl.Mcu.Toolchain.Passes;

namespace EdgeMl.Mcu.Toolchain.Tests.Import;

public class DamagedOperatorTests
{
    private const int MutantsOfCase = 20;

    [Fact]
    public void A_damaged_model_of_any_operator_converts_or_gives_an_error()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        var failures = new ConcurrentBag<string>();
        Parallel.ForEach(GoldenCase.All.Select((item, seed) => (item, seed)), pair =>
        {
            byte[] content = File.ReadAllBytes(pair.item.ModelPath);
            foreach (byte[] mutant in Mutations.Of(content, MutantsOfCase, pair.seed))
            {
                if (Unexpected(mutant) is { } exception)
                    failures.Add($"{pair.item.Name}: {exception}");
            }
        });
        Assert.True(failures.IsEmpty, string.Join(Environment.NewLine, failures));
    }

    /// <summary>What a conversion throws other than a refusal.</summary>
    private static Exception? Unexpected(byte[] mutant) => Record.Exception(() =>
    {
        try
        {
            ModelGraph graph = TfLiteImporter.Import(mutant, "mutant");
            PassPipeline.Run(graph);
            EmlmCompiler.Compile(graph);
        }
        catch (ToolchainException exception)
        {
            Assert.NotEmpty(exception.Message);
        }
    });
}
