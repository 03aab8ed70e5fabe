using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Fleet;
using EdgeMl.Mcu.Relay.Rollouts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeMl.Mcu.Relay.Api;

/// <summary>Rollouts.</summary>
internal static class RolloutEndpoints
{
    public static void Map(WebApplication application, RelayServices services)
    {
        RolloutService rollouts = services.Rollouts;
        application.MapGet(Routes.Rollouts, rollouts.List).Gives<RolloutInfo[]>(Role.Viewer, "All rollouts, newest first");
        application.MapPost(Routes.Rollouts, (RolloutRequest request, HttpContext context) => rollouts.CreateAsync(context.Actor(), request))
            .Gives<RolloutInfo>(Role.Operator, "Makes a rollout, which starts at once", typeof(RolloutRequest));
        application.MapGet(Routes.Rollout, (long id) => rollouts.Get(id)).Gives<RolloutInfo>(Role.Viewer, "A rollout");
        application.MapGet(Routes.RolloutDevices, (long id) => rollouts.Devices(id)).Gives<RolloutDevice[]>(Role.Viewer, "The devices of a rollout, in the order in which stages take them");
        application.MapGet(Routes.RolloutHistory, (long id) => rollouts.History(id)).Gives<AuditEntry[]>(Role.Viewer, "What happened to a rollout, oldest first");
        Steer(application, Routes.RolloutPause, rollouts.PauseAsync, "No new orders until it is resumed");
        Steer(application, Routes.RolloutResume, rollouts.ResumeAsync, "Goes on");
        Steer(application, Routes.RolloutAbort, rollouts.AbortAsync, "No new orders for good; updated devices keep the new model");
        Steer(application, Routes.RolloutRollback, rollouts.RollBackAsync, "Updated devices go back to what they ran before");
    }

    private static void Steer(WebApplication application, string route, Func<Actor, long, Task<RolloutInfo>> steer, string summary) =>
        application.MapPost(route, (long id, HttpContext context) => steer(context.Actor(), id)).Gives<RolloutInfo>(Role.Operator, summary);
}
