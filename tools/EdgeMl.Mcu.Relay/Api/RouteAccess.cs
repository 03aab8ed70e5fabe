using EdgeMl.Mcu.Relay.Client;
using Microsoft.AspNetCore.Builder;

namespace EdgeMl.Mcu.Relay.Api;

/// <summary>What an endpoint is, for access rules and for the OpenAPI document.</summary>
/// <param name="Role">Who may use it; null for everybody.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Request">What it takes as JSON; null for nothing.</param>
/// <param name="Response">What it gives as JSON; null for another content.</param>
/// <param name="ContentType">The content of its answer.</param>
internal sealed record RouteAccess(Role? Role, string Summary, Type? Request, Type? Response, string ContentType)
{
    /// <summary>Query parameters that it knows.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];

    /// <summary>Files and fields of the form that it takes instead of JSON.</summary>
    public IReadOnlyList<string> Form { get; init; } = [];
}

/// <summary>Says what an endpoint is.</summary>
internal static class RouteAccessExtensions
{
    private const string Json = "application/json";

    /// <summary>An endpoint that answers with JSON.</summary>
    public static IEndpointConventionBuilder Gives<TResponse>(
        this IEndpointConventionBuilder endpoint, Role? role, string summary, Type? request = null, string[]? query = null, string[]? form = null) =>
        endpoint.WithMetadata(new RouteAccess(role, summary, request, typeof(TResponse), Json) { Query = query ?? [], Form = form ?? [] });

    /// <summary>An endpoint that answers with another content.</summary>
    public static IEndpointConventionBuilder GivesText(this IEndpointConventionBuilder endpoint, Role? role, string summary, string contentType) =>
        endpoint.WithMetadata(new RouteAccess(role, summary, null, null, contentType));
}
