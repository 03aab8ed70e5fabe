using System.Text;
using EdgeMl.Mcu.Bench;
using EdgeMl.Mcu.Bench.Devices.Boards;
using EdgeMl.Mcu.Bench.Hil;
using EdgeMl.Mcu.Bench.Hil.Boards;
using EdgeMl.Mcu.Bench.Hil.Configuration;
using EdgeMl.Mcu.Bench.Hil.Models;
using EdgeMl.Mcu.Bench.Hil.Reports;
using EdgeMl.Mcu.Bench.Link;
using EdgeMl.Mcu.Cli.Hil;

namespace EdgeMl.Mcu.Cli.Tests.Hil;

/// <summary>What a bench says of boards that are not what they should be.</summary>
public class FaultyBoardTests
{
    private static readonly BenchConfiguration Bench = BenchFile.Parse(
        Encoding.UTF8.GetBytes("""
            {"name": "faulty", "boards": [{"name": "one", "board": "ESP32", "virtual": {}}], "latency": {"runs": 1},
             "models": [{"name": "digits", "builtIn": "digits-mlp", "samples": 1}, {"name": "pruned", "builtIn": "digits-mlp-pruned", "samples": 1}],
             "powerCuts": {"count": 1, "recoverySeconds": 6}}
            """),
        "faulty.json");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Firmware_of_another_board_fails_before_anything_is_erased()
    {
        BenchReport report = await RunAsync(options => options with { Target = "ESP32_C3" });

        ShouldFail(report, "flash", BenchErrorCodes.WrongBoard, "ESP32_C3");
        Assert.All(report.Boards[0].Stages.Skip(1), stage => Assert.Equal(StageStatus.Skipped, stage.Status));
    }

    [Fact]
    public async Task An_application_for_another_board_fails_at_its_first_word()
    {
        BenchReport report = await RunAsync(options => options with { Board = "ESP32-S3" });

        ShouldFail(report, "boot", BenchErrorCodes.WrongBoard, "ESP32-S3");
        Assert.Null(report.Boards[0].Identity);
    }

    [Fact]
    public async Task A_board_whose_link_is_silent_is_unreachable()
    {
        BenchReport report = await RunAsync(options => options with { ApplicationAssembly = "SomethingElse" });

        ShouldFail(report, "boot", LinkErrorCodes.NoAnswer, "");
        Assert.Equal(ExitCodes.Unreachable, ErrorSource.ExitCodeFor(report.FirstFailure!.Code!));
    }

    [Fact]
    public async Task Outputs_that_differ_are_told_with_the_first_byte_and_nothing_is_built_on_them()
    {
        BenchReport report = await RunAsync(services: new OtherExpectations());

        ShouldFail(report, "verify", BenchErrorCodes.Differs, "1 of 2 vectors of pruned differ; first: sample 0, byte 3 of output 0: expected 0x");
        ModelReport model = report.Boards[0].Models[1];
        Assert.Equal((2, 1, 3), (model.Vectors, model.Equal, model.First!.Index));
        Assert.Equal(["skipped", "skipped", "skipped", "skipped"], report.Boards[0].Stages.Skip(3).Select(stage => stage.Status.ToString().ToLowerInvariant()));
        Assert.Equal(ExitCodes.Refused, ErrorSource.ExitCodeFor(report.FirstFailure!.Code!));
    }

    [Fact]
    public async Task A_board_that_a_power_cut_kills_is_not_recovered()
    {
        BenchReport report = await RunAsync(power: new(SwitchesOff: true, SwitchesOn: false));

        ShouldFail(report, "power-cuts", BenchErrorCodes.NotRecovered, "After power cut 1");
        Assert.Equal(ExitCodes.Unreachable, ErrorSource.ExitCodeFor(report.FirstFailure!.Code!));
    }

    [Fact]
    public async Task A_power_switch_that_does_nothing_is_found_out()
    {
        BenchReport report = await RunAsync(power: new(SwitchesOff: false, SwitchesOn: false));

        ShouldFail(report, "power-cuts", BenchErrorCodes.PowerSwitch, "same start number");
    }

    [Fact]
    public async Task Ctrl_C_leaves_the_board_switched_on()
    {
        using var interrupt = new CancellationTokenSource();
        FaultySwitch? found = null;
        var runner = new BenchRunner(new CliBenchServices(Token), (configuration, board, services) => new FaultyBoard(
            new VirtualBoardUnderTest(VirtualBoardUnderTest.OptionsOf(configuration, board, services)),
            power => found = new FaultySwitch(power, switchesOff: true, switchesOn: true) { SwitchedOff = interrupt.Cancel }));

        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pseudo terminals.");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => runner.RunAsync(Bench, interrupt.Token));

        Assert.True(found!.IsOn);
    }

    private static void ShouldFail(BenchReport report, string stage, string code, string message)
    {
        StageReport failed = Assert.Single(report.Boards[0].Stages, item => item.Status == StageStatus.Failed);
        Assert.Equal((stage, code), (failed.Stage, failed.Code));
        Assert.Contains(message, failed.Message, StringComparison.Ordinal);
        Assert.NotNull(failed.Hint);
        Assert.False(report.Ok);
    }

    private static Task<BenchReport> RunAsync(Func<VirtualBenchBoardOptions, VirtualBenchBoardOptions>? change = null, BenchServices? services = null, Switching? power = null)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pseudo terminals.");
        var runner = new BenchRunner(services ?? new CliBenchServices(Token), (configuration, board, given) =>
        {
            VirtualBenchBoardOptions options = VirtualBoardUnderTest.OptionsOf(configuration, board, given);
            var access = new VirtualBoardUnderTest(change?.Invoke(options) ?? options);
            return power is null ? access : new FaultyBoard(access, own => new FaultySwitch(own, power.SwitchesOff, power.SwitchesOn));
        });
        return runner.RunAsync(Bench, Token);
    }

    private sealed record Switching(bool SwitchesOff, bool SwitchesOn);

    /// <summary>Expects of the second model's second vector what no runtime gives.</summary>
    private sealed class OtherExpectations() : CliBenchServices(Token)
    {
        public override GoldenModel Model(ModelConfiguration model)
        {
            GoldenModel golden = base.Model(model);
            if (model.Name != "pruned")
                return golden;
            byte[] output = [.. golden.Vectors[1].Outputs[0]];
            output[3] ^= 0x10;
            return golden with { Vectors = [golden.Vectors[0], golden.Vectors[1] with { Outputs = [output] }] };
        }
    }
}
