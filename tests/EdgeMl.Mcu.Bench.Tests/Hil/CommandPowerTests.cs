using EdgeMl.Mcu.Bench.Hil.Configuration;
using EdgeMl.Mcu.Bench.Hil.Power;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Bench.Tests.Hil;

public class CommandPowerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_command_runs_with_its_arguments_as_they_are()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("a file; $HOME");
        CommandPower power = Create([ExternalProgram.Need("touch", "coreutils"), file], [ExternalProgram.Need("rm", "coreutils"), file]);

        await power.OffAsync(Stop);
        Assert.True(File.Exists(file));
        await power.OnAsync(Stop);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task A_command_that_fails_says_why()
    {
        using var folder = new TemporaryFolder();
        CommandPower power = Create(["x"], [ExternalProgram.Need("rm", "coreutils"), folder.File("missing")]);

        BenchException error = await Assert.ThrowsAsync<BenchException>(() => power.OnAsync(Stop));

        Assert.Equal(BenchErrorCodes.PowerSwitch, error.Code);
        Assert.Contains("missing", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_is_not_there_is_named()
    {
        BenchException error = await Assert.ThrowsAsync<BenchException>(() => Create(["no-such-power-switch"], ["x"]).OffAsync(Stop));

        Assert.Equal(BenchErrorCodes.ToolMissing, error.Code);
        Assert.Contains("no-such-power-switch", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_hangs_is_ended()
    {
        string[] forever = [ExternalProgram.Need("sleep", "coreutils"), "1000"];
        var power = new CommandPower(new PowerConfiguration { Off = forever, On = forever }, TimeSpan.FromMilliseconds(50));

        BenchException error = await Assert.ThrowsAsync<BenchException>(() => power.OnAsync(Stop));

        Assert.Equal(BenchErrorCodes.PowerSwitch, error.Code);
    }

    [Fact]
    public async Task Ctrl_C_ends_a_command_and_is_no_failure()
    {
        string[] forever = [ExternalProgram.Need("sleep", "coreutils"), "1000"];
        using var interrupt = new CancellationTokenSource();
        Task on = Create(forever, forever).OnAsync(interrupt.Token);

        await interrupt.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => on);
    }

    private static CommandPower Create(string[] off, string[] on) => new(new PowerConfiguration { Off = off, On = on, SettleMilliseconds = 0 });
}
