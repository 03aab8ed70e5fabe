using System.Diagnostics;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Fleet;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeMl.Mcu.Relay.Api;

/// <summary>The HTTP API: who may ask what, and how failures are answered. The endpoints are in files of their own.</summary>
internal static class RelayApi
{
    /// <summary>Sets everything up.</summary>
    public static void Map(WebApplication application, RelayServices services)
    {
        application.UseRouting();
        var guard = new ApiGuard(services);
        application.Use((context, next) => HandleAsync(context, next, guard, application));
        ServiceEndpoints.Map(application, services);
        ArtifactEndpoints.Map(application, services);
        PublisherKeyEndpoints.Map(application, services);
        DeviceEndpoints.Map(application, services);
        EnrollmentEndpoints.Map(application, services);
        RolloutEndpoints.Map(application, services);
        ApiKeyEndpoints.Map(application, services);
        AuditEndpoints.Map(application, services);
        OpenApiEndpoint.Map(application, services);
        application.UseEndpoints(_ => { });
    }

    /// <summary>Who asks. Only within endpoints that need a role.</summary>
    public static Actor Actor(this HttpContext context) => (Actor)context.Items[typeof(Actor)]!;

    private static async Task HandleAsync(HttpContext context, RequestDelegate next, ApiGuard guard, WebApplication application)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            if (context.GetEndpoint() is not { } endpoint)
                throw new RelayException(RelayErrorCodes.NotFound, $"There is nothing at {context.Request.Path}.", $"See {Routes.OpenApi}.", 404);
            if (endpoint.Metadata.GetMetadata<RouteAccess>() is { Role: { } role })
                context.Items[typeof(Actor)] = await guard.RequireAsync(context, role);
            await next(context);
            if (context.Response is { StatusCode: >= 400, HasStarted: false })
                await ErrorAnswer.WriteAsync(context, ErrorAnswer.Of(context.Response.StatusCode));
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            RelayException failure = ErrorAnswer.Of(exception);
            if (failure.Code == RelayErrorCodes.Internal)
                RelayLog.RequestFailed(application.Logger, exception, context.Request.Method, context.Request.Path);
            await ErrorAnswer.WriteAsync(context, failure);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked is gone.
        }
        string actor = context.Items.TryGetValue(typeof(Actor), out object? found) && found is Actor known ? known.Name : "-";
        RelayLog.Request(application.Logger, context.Request.Method, context.Request.Path, actor, context.Response.StatusCode, (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }
}
