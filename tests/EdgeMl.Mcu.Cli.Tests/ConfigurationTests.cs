using System.Text;
using System.Text.Json;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain;

namespace EdgeMl.Mcu.Cli.Tests;

public class ConfigurationTests
{
    [Fact]
    public void Damaged_files_are_read_or_refused_with_one_error()
    {
        byte[] intact = Encoding.UTF8.GetBytes("""{"atol": 1e-4, "method": "percentile", "nested": {"list": [1, "two", null, true]}}""");
        IReadOnlyDictionary<string, int> refused = Fuzzing.Run(intact, 10_000, seed: 8, damaged =>
        {
            Configuration.NumberIn(Configuration.Find(damaged, "atol"), "atol", 0);
            Configuration.WordIn(Configuration.Find(damaged, "method"), "method", ["minmax", "percentile"], "minmax");
        });
        Assert.Equal([ErrorCodes.ConfigurationInvalid], refused.Keys);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"atol\": \"small\"}")]
    [InlineData("{\"atol\": 1e999}")]
    [InlineData("{\"atol\": -1}")]
    [InlineData("{\"atol\": 1")]
    public void What_gives_no_number_is_refused(string text) => Assert.Equal(ErrorCodes.ConfigurationInvalid, Assert.Throws<ToolchainException>(
        () => Configuration.NumberIn(Configuration.Find(Encoding.UTF8.GetBytes(text), "atol"), "atol", 0)).Code);

    [Fact]
    public void Deep_nesting_is_refused()
    {
        string text = string.Concat("{\"atol\":", new string('[', 100_000));
        Assert.Equal(ErrorCodes.ConfigurationInvalid, Assert.Throws<ToolchainException>(() => Configuration.Find(Encoding.UTF8.GetBytes(text), "atol")).Code);
    }
}
