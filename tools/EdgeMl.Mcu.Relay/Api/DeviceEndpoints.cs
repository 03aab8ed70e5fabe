using EdgeMl.Mcu.Relay.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeMl.Mcu.Relay.Api;

/// <summary>The devices of the fleet.</summary>
internal static class DeviceEndpoints
{
    private const int ResultsMax = 10_000;
    private const int ResultsDefault = 1_000;

    public static void Map(WebApplication application, RelayServices services)
    {
        application.MapGet(Routes.Devices, (HttpContext context) => services.Devices.List(Query(context.Request.Query)))
            .Gives<DeviceInfo[]>(Role.Viewer, "Devices, by name", query: ["tag", "name", "board", "running"]);
        application.MapGet(Routes.Device, (string id) => services.Devices.Get(id)).Gives<DeviceInfo>(Role.Viewer, "A device");
        application.MapDelete(Routes.Device, (string id, HttpContext context) => services.Devices.RevokeAsync(context.Actor(), id)).Gives<DeviceInfo>(Role.Operator, "Revokes a device");
        application.MapPost(Routes.DeviceTags, (string id, TagChange change, HttpContext context) => services.Devices.TagAsync(context.Actor(), id, change))
            .Gives<DeviceInfo>(Role.Operator, "Gives and takes tags", typeof(TagChange));
        application.MapGet(Routes.DeviceResults, (string id, long? after, int? limit) => services.Devices.Results(id, after ?? -1, Limit(limit)))
            .Gives<ResultInfo[]>(Role.Viewer, "Stored results of a device, oldest first", query: ["after", "limit"]);
        application.MapPost(Routes.Tokens, (TokenRequest request, HttpContext context) => services.Devices.CreateTokenAsync(context.Actor(), request))
            .Gives<TokenInfo>(Role.Operator, "Makes a one-time enrolment token", typeof(TokenRequest));
    }

    private static DeviceQuery Query(IQueryCollection query) => new()
    {
        Tags = [.. query["tag"].OfType<string>()],
        Names = [.. query["name"].OfType<string>()],
        Board = query["board"].FirstOrDefault(),
        Running = query["running"].FirstOrDefault(),
    };

    private static int Limit(int? limit) => limit is null or (>= 1 and <= ResultsMax)
        ? limit ?? ResultsDefault
        : throw new RelayException(RelayErrorCodes.BadRequest, $"limit is {limit}; it is 1 to {ResultsMax}.");
}
