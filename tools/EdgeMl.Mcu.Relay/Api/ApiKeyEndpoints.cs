using EdgeMl.Mcu.Relay.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeMl.Mcu.Relay.Api;

/// <summary>API keys.</summary>
internal static class ApiKeyEndpoints
{
    public static void Map(WebApplication application, RelayServices services)
    {
        application.MapGet(Routes.ApiKeys, services.ApiKeys.List).Gives<ApiKeyInfo[]>(Role.Publisher, "All API keys, without their secrets");
        application.MapPost(Routes.ApiKeys, (ApiKeyRequest request, HttpContext context) => services.ApiKeys.CreateAsync(context.Actor(), request))
            .Gives<ApiKeyCreated>(Role.Publisher, "Makes an API key; this answer is the only one that shows it", typeof(ApiKeyRequest));
        application.MapDelete(Routes.ApiKey, (string id, HttpContext context) => services.ApiKeys.RevokeAsync(context.Actor(), id)).Gives<ApiKeyInfo>(Role.Publisher, "Revokes an API key");
    }
}
