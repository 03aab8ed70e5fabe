using System.Text.Json;
using EdgeMl.Mcu.Ota;
using EdgeMl.Mcu.Relay.Client;
using Microsoft.AspNetCore.Http;

namespace EdgeMl.Mcu.Relay.Api;

/// <summary>How failures are answered: a status, and code, message and hint in JSON. Nothing inside the relay shows.</summary>
internal static class ErrorAnswer
{
    /// <summary>The failure that an exception is.</summary>
    public static RelayException Of(Exception exception) => exception switch
    {
        RelayException failure => failure,
        OtaException ota => new RelayException(ota.Code, ota.Message, ota.Hint, 422, ota),
        BadHttpRequestException bad => new RelayException(
            bad.StatusCode == 413 ? RelayErrorCodes.TooLarge : RelayErrorCodes.BadRequest, bad.InnerException is JsonException json ? json.Message : bad.Message, statusCode: bad.StatusCode, innerException: bad),
        InvalidDataException or ArgumentException or JsonException => new RelayException(RelayErrorCodes.BadRequest, "The request is malformed.", statusCode: 400, innerException: exception),
        _ => new RelayException(RelayErrorCodes.Internal, "The relay has failed.", "Its log shows where.", 500, exception),
    };

    /// <summary>The failure that a status without a body is.</summary>
    public static RelayException Of(int status) => status switch
    {
        404 => new RelayException(RelayErrorCodes.NotFound, "There is nothing of that name.", statusCode: status),
        405 => new RelayException(RelayErrorCodes.BadRequest, "The path does not take this method.", $"See {Routes.OpenApi}.", status),
        415 => new RelayException(RelayErrorCodes.BadRequest, "The body is of another content type than the path takes.", $"See {Routes.OpenApi}.", status),
        _ => new RelayException(RelayErrorCodes.BadRequest, $"The request is refused with status {status}.", statusCode: status),
    };

    /// <summary>Answers.</summary>
    public static Task WriteAsync(HttpContext context, RelayException failure)
    {
        context.Response.StatusCode = failure.StatusCode is >= 400 and <= 599 ? failure.StatusCode : 500;
        if (context.Response.StatusCode == 401)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        return context.Response.WriteAsJsonAsync(
            new ErrorBody { Error = new ErrorDetail { Code = failure.Code, Message = failure.Message, Hint = failure.Hint } }, RelayJson.Options, context.RequestAborted);
    }
}
