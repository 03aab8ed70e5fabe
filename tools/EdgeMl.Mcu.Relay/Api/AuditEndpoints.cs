using System.Text;
using EdgeMl.Mcu.Relay.Audit;
using EdgeMl.Mcu.Relay.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeMl.Mcu.Relay.Api;

/// <summary>The audit log.</summary>
internal static class AuditEndpoints
{
    private const string ContentType = "application/jsonl";

    public static void Map(WebApplication application, RelayServices services) =>
        application.MapGet(Routes.Audit, (HttpContext context) => ExportAsync(context, services)).GivesText(Role.Viewer, "The audit log as lines of JSON, oldest first", ContentType);

    private static async Task ExportAsync(HttpContext context, RelayServices services)
    {
        context.Response.ContentType = ContentType;
        foreach (string line in AuditLog.Lines(services.Store))
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), context.RequestAborted);
    }
}
