using System.Reflection;
using EdgeMl.Mcu.Relay.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeMl.Mcu.Relay.Api;

/// <summary>What the relay is, and how it is.</summary>
internal static class ServiceEndpoints
{
    private static readonly string Version = typeof(ServiceEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static void Map(WebApplication application, RelayServices services)
    {
        application.MapGet(Routes.Health, () => Health(services)).Gives<HealthInfo>(null, "Whether the relay works");
        application.MapGet(Routes.Info, () => Info(services)).Gives<RelayInfo>(Role.Viewer, "What the relay is");
        application.MapGet(Routes.Metrics, () => Results.Text(MetricsText.Of(services), MetricsText.ContentType)).GivesText(Role.Viewer, "Metrics for Prometheus", MetricsText.ContentType);
    }

    private static IResult Health(RelayServices services)
    {
        var health = new HealthInfo
        {
            Storage = services.Store.IsHealthy,
            Broker = services.Link.IsConnected,
            Status = services.Store.IsHealthy && services.Link.IsConnected ? "ok" : "degraded",
        };
        return Results.Json(health, statusCode: health.Status == "ok" ? 200 : 503);
    }

    private static RelayInfo Info(RelayServices services)
    {
        (int devices, int online) = services.Devices.Count();
        return new RelayInfo
        {
            Fleet = services.Options.Fleet,
            Broker = services.PublicBroker,
            Version = Version,
            KeyGeneration = services.PublisherKeys.Generation,
            Devices = devices,
            Online = online,
        };
    }
}
