using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.RegularExpressions;
using EdgeMl.Mcu.Relay.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeMl.Mcu.Relay.Api;

/// <summary>The OpenAPI 3.1 document, made from what the endpoints say about themselves.</summary>
internal static partial class OpenApiEndpoint
{
    public static void Map(WebApplication application, RelayServices services)
    {
        var document = new Lazy<string>(() => Document(application.Services, services.Options.Fleet).ToJsonString());
        application.MapGet(Routes.OpenApi, () => Results.Text(document.Value, "application/json")).GivesText(null, "This document", "application/json");
    }

    private static JsonObject Document(IServiceProvider provider, string fleet)
    {
        var paths = new JsonObject();
        var sources = (EndpointDataSource)provider.GetService(typeof(EndpointDataSource))!;
        foreach (RouteEndpoint endpoint in sources.Endpoints.OfType<RouteEndpoint>().OrderBy(endpoint => endpoint.RoutePattern.RawText, StringComparer.Ordinal))
        {
            if (endpoint.Metadata.GetMetadata<RouteAccess>() is not { } access)
                continue;
            string path = Constraint().Replace(endpoint.RoutePattern.RawText!, "}");
            JsonObject item = (JsonObject?)paths[path] ?? [];
            paths[path] ??= item;
            foreach (string method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods)
                item[method.ToLowerInvariant()] = Operation(endpoint, access);
        }
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = $"EdgeMl relay, fleet {fleet}", ["version"] = "1" },
            ["components"] = new JsonObject { ["securitySchemes"] = new JsonObject { ["apiKey"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } } },
            ["paths"] = paths,
        };
    }

    private static JsonObject Operation(RouteEndpoint endpoint, RouteAccess access)
    {
        var parameters = new JsonArray();
        foreach (string name in endpoint.RoutePattern.Parameters.Select(parameter => parameter.Name))
            parameters.Add(Parameter(name, "path"));
        foreach (string name in access.Query)
            parameters.Add(Parameter(name, "query"));
        var operation = new JsonObject
        {
            ["summary"] = access.Role is { } role ? $"{access.Summary} (role {role.ToString().ToLowerInvariant()})" : access.Summary,
            ["parameters"] = parameters,
            ["responses"] = new JsonObject { ["200"] = Content(access.ContentType, access.Response, "Done"), ["default"] = Content("application/json", typeof(ErrorBody), "Refused or failed") },
        };
        if (access.Role is not null)
            operation["security"] = new JsonArray(new JsonObject { ["apiKey"] = new JsonArray() });
        if (access.Request is not null)
            operation["requestBody"] = Content("application/json", access.Request, null);
        if (access.Form.Count > 0)
            operation["requestBody"] = Form(access.Form);
        return operation;
    }

    private static JsonObject Parameter(string name, string place) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = place == "path",
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Content(string contentType, Type? type, string? description)
    {
        JsonNode schema = type is null ? new JsonObject { ["type"] = "string" } : RelayJson.Options.GetJsonSchemaAsNode(type);
        var content = new JsonObject { ["content"] = new JsonObject { [contentType] = new JsonObject { ["schema"] = schema } } };
        if (description is not null)
            content["description"] = description;
        return content;
    }

    private static JsonObject Form(IEnumerable<string> names)
    {
        var properties = new JsonObject();
        foreach (string name in names)
            properties[name] = new JsonObject { ["type"] = "string", ["format"] = "binary" };
        return new JsonObject { ["content"] = new JsonObject { ["multipart/form-data"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object", ["properties"] = properties } } } };
    }

    [GeneratedRegex(@":\w+\}")]
    private static partial Regex Constraint();
}
