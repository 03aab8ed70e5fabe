using System.CommandLine;
using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml ota rollout</c></summary>
internal static class OtaRolloutVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var defaults = new RolloutGates();
        var artifact = new Argument<string>("MODEL") { Description = "NAME@VERSION, or a manifest's id." };
        var stages = new Option<string>("--stages") { Description = "How far each stage reaches.", HelpName = "LIST", DefaultValueFactory = _ => "10%,50%,100%" };
        var success = new Option<double>("--success") { Description = "Percent of a stage's devices that must have succeeded before the next one.", HelpName = "PERCENT", DefaultValueFactory = _ => defaults.SuccessPercent };
        var failure = new Option<double>("--failure") { Description = "Percent of ended devices above which failures stop the rollout.", HelpName = "PERCENT", DefaultValueFactory = _ => defaults.FailurePercent };
        var minimum = new Option<int>("--failure-min") { Description = "Fewer failures than this never stop it.", HelpName = "N", DefaultValueFactory = _ => defaults.FailureMinimum };
        var soak = new Option<double>("--soak") { Description = "Minutes for which a stage must do well before the next one.", HelpName = "MINUTES" };
        var onFailure = new Option<FailureAction>("--on-failure") { Description = "What then happens.", DefaultValueFactory = _ => defaults.OnFailure };
        var retries = new Option<int>("--retries") { Description = "How often a device is ordered again after a failure that another attempt may mend.", HelpName = "N", DefaultValueFactory = _ => 3 };
        var watch = new Option<bool>("--watch", "-w") { Description = "Stay and show progress until the rollout ends; exit code 4 where it did not complete." };
        var query = new DeviceQueryOptions();
        var connection = new RelayConnection();
        var command = new VerbCommand("rollout", "Bring a published model to devices, in stages.",
            "edgeml ota rollout digits@1.1",
            "edgeml ota rollout digits@1.1 --tag beta --stages 1,10%,100% --soak 60 --watch")
        {
            artifact, stages, success, failure, minimum, soak, onFailure, retries, watch,
        };
        query.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (parse, _) =>
        {
            var request = new RolloutRequest
            {
                Artifact = parse.GetRequiredValue(artifact),
                Target = query.Read(parse),
                Stages = StageList.Parse(parse.GetRequiredValue(stages)),
                Gates = new RolloutGates
                {
                    SuccessPercent = parse.GetValue(success),
                    FailurePercent = parse.GetValue(failure),
                    FailureMinimum = parse.GetValue(minimum),
                    SoakSeconds = 60 * parse.GetValue(soak),
                    OnFailure = parse.GetValue(onFailure),
                },
                Retries = parse.GetValue(retries),
            };
            using RelayClient relay = connection.Open(parse, terminal);
            RolloutInfo rollout = await relay.CreateRolloutAsync(request, terminal.Cancellation);
            return await RolloutWatch.ShowAsync(terminal, relay, rollout, parse.GetValue(watch), parse.GetValue(command.Json));
        });
        return command;
    }
}
