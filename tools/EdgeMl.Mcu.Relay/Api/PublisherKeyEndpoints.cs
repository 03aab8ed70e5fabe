using EdgeMl.Mcu.Relay.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeMl.Mcu.Relay.Api;

/// <summary>The fleet's publisher keys.</summary>
internal static class PublisherKeyEndpoints
{
    public static void Map(WebApplication application, RelayServices services)
    {
        application.MapGet(Routes.PublisherKeys, services.PublisherKeys.List).Gives<PublisherKeyInfo[]>(Role.Viewer, "The fleet's publisher keys, oldest first");
        application.MapPost(
            Routes.PublisherKeys,
            (PublisherKeyRequest request, HttpContext context) => services.PublisherKeys.AddAsync(
                context.Actor(),
                request.PublicKey is { } key ? Hex.Read(key, "publicKey") : null,
                request.Rotation is { } rotation ? Hex.Read(rotation, "rotation") : null))
            .Gives<PublisherKeyInfo>(Role.Publisher, "Sets the first publisher key, or follows a rotation", typeof(PublisherKeyRequest));
    }
}
