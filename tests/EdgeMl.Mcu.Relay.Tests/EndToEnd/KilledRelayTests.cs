using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Relay.Audit;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Tests.Support;

namespace EdgeMl.Mcu.Relay.Tests.EndToEnd;

public class KilledRelayTests
{
    private const int Kills = 100;
    private const int Devices = 24;

    [Fact]
    public async Task A_relay_that_is_killed_a_hundred_times_over_a_rollout_loses_nothing_and_does_nothing_twice()
    {
        await using RelayFixture relay = await RelayFixture.StartProcessAsync();
        VirtualDevice[] devices = await relay.AddDevicesAsync(Devices);
        await relay.PublishAsync(TestModels.Good(1));
        RolloutInfo rollout = await relay.Client.CreateRolloutAsync(new RolloutRequest
        {
            Artifact = $"{TestModels.Name}@1",
            Stages = [.. Enumerable.Range(1, Devices - 1).Select(count => new RolloutStage { Count = count })],
            Gates = new RolloutGates { SuccessPercent = 100, SoakSeconds = 1 },
        });
        relay.Process!.Kill();
        var random = new Random(1);
        int killsWhileRunning = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            if (random.Next(5) == 0)
                relay.Process!.Launch();
            else
                await relay.Process!.StartAsync();
            // The moment of the kill is what is tested: some come while it starts, some while devices come back, some in the middle of its work.
            await Task.Delay(random.Next(600), TestContext.Current.CancellationToken);
            if (devices.Any(device => device.RunningId is null))
                killsWhileRunning++;
            relay.Process!.Kill();
        }
        await relay.Process!.StartAsync();

        await relay.UntilAsync(rollout.Id, RolloutState.Completed);

        TestContext.Current.SendDiagnosticMessage($"{killsWhileRunning} of {Kills} kills before the last device was updated");
        RolloutDevice[] members = await relay.Client.RolloutDevicesAsync(rollout.Id);
        Assert.All(devices, device => Assert.Equal(TestModels.Good(1).Id, device.RunningId));
        Assert.All(members, member => Assert.Equal((MemberState.Succeeded, 1), (member.State, member.Orders)));
        Assert.Equal(Enumerable.Range(0, Devices).Select(i => $"d{i}").Order(StringComparer.Ordinal), members.Select(member => member.Device).Order(StringComparer.Ordinal));
        var log = new MemoryStream();
        await relay.Client.ExportAuditAsync(log);
        log.Position = 0;
        AuditLog.Verify(log);
        string[] stages = [.. (await relay.Client.RolloutHistoryAsync(rollout.Id)).Where(entry => entry.Action == "rollout.stage").Select(entry => entry.Detail)];
        Assert.Equal(Enumerable.Range(2, Devices - 1).Select(stage => $"stage {stage}"), stages);
    }
}
