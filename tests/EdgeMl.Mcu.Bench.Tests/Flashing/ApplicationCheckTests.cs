using EdgeMl.Mcu.Bench.Flashing;
using EdgeMl.Mcu.Bench.Tests.WireProtocol;
using EdgeMl.Mcu.Bench.WireProtocol;

namespace EdgeMl.Mcu.Bench.Tests.Flashing;

public class ApplicationCheckTests
{
    private const uint Checksum = 0xCAFE1234;

    private static readonly NativeAssembly Native = new("Lib", new Version(100, 0, 0, 5), Checksum);

    [Fact]
    public void An_application_with_all_that_it_needs_has_no_problem()
    {
        Assert.Empty(ApplicationCheck.Problems([Library(Checksum), Program("1.2.9.9")], [Native]));
        Assert.Empty(ApplicationCheck.Problems([Library(0), Program("1.2.3.4")], []));
        Assert.Empty(ApplicationCheck.Problems([Library(Checksum), Program("1.2.3.4")], null));
    }

    [Fact]
    public void Every_obstacle_is_named_with_both_sides_of_it()
    {
        string Only(IReadOnlyList<NanoAssemblyFile> application, params NativeAssembly[] natives) => Assert.Single(ApplicationCheck.Problems(application, natives));

        Assert.Contains("App needs Lib 1.2.3.4, which is not in the folder", Only([Program("1.2.3.4")]), StringComparison.Ordinal);
        Assert.Contains("App needs Lib 1.3, and the folder has 1.2.3.4", Only([Library(0), Program("1.3.0.0")]), StringComparison.Ordinal);
        Assert.Contains("Lib 1.2.3.4 needs a native part", Only([Library(Checksum), Program("1.2.3.4")]), StringComparison.Ordinal);
        string other = Only([Library(Checksum + 1), Program("1.2.3.4")], Native);
        Assert.Contains("0xCAFE1235", other, StringComparison.Ordinal);
        Assert.Contains("0xCAFE1234 (version 100.0.0.5)", other, StringComparison.Ordinal);
        Assert.Contains("0x00000000", Only([Library(0), Program("1.2.3.4")], Native), StringComparison.Ordinal);
        Assert.Contains("No assembly has a Main", Only([Library(0)]), StringComparison.Ordinal);
        Assert.Contains("App and App have a Main each", Only([Library(0), Program("1.2.3.4"), Program("1.2.3.4")]), StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_told_at_once_and_nothing_was_changed()
    {
        BenchException error = Assert.Throws<BenchException>(() => ApplicationCheck.Check([Program("1.2.3.4"), TestAssembly.File("Other", 8, native: 7)], []));

        Assert.Equal(BenchErrorCodes.WillNotLoad, error.Code);
        Assert.Contains("nothing was changed", error.Message, StringComparison.Ordinal);
        Assert.Contains("Lib", error.Message, StringComparison.Ordinal);
        Assert.Contains("Other", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Hint);
    }

    private static NanoAssemblyFile Library(uint native) => TestAssembly.File("Lib", 40, native: native);

    private static NanoAssemblyFile Program(string library) => TestAssembly.File("App", 40, main: true, references: new AssemblyReference("Lib", Version.Parse(library)));
}
