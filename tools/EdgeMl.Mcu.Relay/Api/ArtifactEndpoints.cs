using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Registry;
using EdgeMl.Mcu.Runtime.Format;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeMl.Mcu.Relay.Api;

/// <summary>Published models.</summary>
internal static class ArtifactEndpoints
{
    public static void Map(WebApplication application, RelayServices services)
    {
        application.MapGet(Routes.Artifacts, () => services.Artifacts.All.Select(artifact => artifact.ToInfo())).Gives<ArtifactInfo[]>(Role.Viewer, "All artifacts, newest first");
        application.MapGet(Routes.Artifact, (string id) => services.Artifacts.Get(id).ToInfo()).Gives<ArtifactInfo>(Role.Viewer, "An artifact by manifest id or NAME@VERSION");
        application.MapPost(Routes.Artifacts, context => PublishAsync(context, services))
            .Gives<ArtifactInfo>(Role.Publisher, "Publishes a model", form: ["manifest", "model", "modelKey"]);
    }

    private static async Task PublishAsync(HttpContext context, RelayServices services)
    {
        if (!context.Request.HasFormContentType)
            throw new RelayException(RelayErrorCodes.BadRequest, "The body is a multipart form with the files manifest and model.", statusCode: 415);
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        byte[] manifest = await ReadAsync(form, "manifest", ArtifactRegistry.ManifestBytesMax, context.RequestAborted);
        byte[] model = await ReadAsync(form, "model", ModelFormat.MaxBytes, context.RequestAborted);
        byte[]? key = form.TryGetValue("modelKey", out Microsoft.Extensions.Primitives.StringValues hex) ? Hex.Read(hex.ToString(), "modelKey") : null;
        Artifact artifact = await services.Artifacts.PublishAsync(context.Actor(), manifest, model, key);
        await context.Response.WriteAsJsonAsync(artifact.ToInfo(), RelayJson.Options, context.RequestAborted);
    }

    private static async Task<byte[]> ReadAsync(IFormCollection form, string name, long bytesMax, CancellationToken cancellationToken)
    {
        IFormFile file = form.Files.GetFile(name) ?? throw new RelayException(RelayErrorCodes.BadRequest, $"The form has no file '{name}'.");
        if (file.Length > bytesMax)
            throw new RelayException(RelayErrorCodes.TooLarge, $"The {name} has {file.Length:N0} bytes; at most {bytesMax:N0} are taken.", statusCode: 413);
        byte[] content = new byte[file.Length];
        await using Stream stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(content, cancellationToken);
        return content;
    }
}
