using System.Net;
using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Relay.Api;
using EdgeMl.Mcu.Relay.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace EdgeMl.Mcu.Relay;

/// <summary>A relay that runs in this process: HTTP API, rollouts, and the embedded broker unless there is an external one.</summary>
public sealed class RelayHost : IAsyncDisposable
{
    // A model that the runtime can load, its manifest, and what the form has around them.
    private const long RequestBytesMax = Runtime.Format.ModelFormat.MaxBytes + Registry.ArtifactRegistry.ManifestBytesMax + (64 * 1024);

    private readonly WebApplication _application;
    private readonly RelayServices _services;
    private int _isDisposed;

    private RelayHost(WebApplication application, RelayServices services)
    {
        _application = application;
        _services = services;
    }

    /// <summary>Address of the HTTP API, with the port that port 0 became.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Where the embedded broker listens; null for an external one.</summary>
    public IPEndPoint? BrokerEndPoint => _services.BrokerEndPoint;

    /// <summary>The broker's address as devices are told.</summary>
    public string Broker => _services.PublicBroker;

    /// <summary>The API key of a publisher that was made because the data folder is new, to be shown once; null later. It is also in <see cref="FirstApiKeyFile"/>.</summary>
    public string? FirstApiKey => _services.FirstApiKey;

    /// <summary>The file with the first API key, for its owner alone. Delete it when the key is kept elsewhere.</summary>
    public string FirstApiKeyFile => Path.Combine(Path.GetFullPath(_services.Options.DataFolder), "first-api-key");

    /// <summary>Starts a relay.</summary>
    /// <exception cref="RelayException">
    /// <see cref="RelayErrorCodes.DataFolder"/>, <see cref="RelayErrorCodes.Storage"/>, <see cref="RelayErrorCodes.ListenFailed"/> or <see cref="RelayErrorCodes.BadRequest"/>.
    /// </exception>
    public static async Task<RelayHost> StartAsync(RelayOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        ConfigureLogs(builder.Logging, options);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Services.AddRouting();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            RelayJson.Apply(json.SerializerOptions);
            json.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow;
        });
        builder.Services.Configure<Microsoft.AspNetCore.Routing.RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        builder.Services.Configure<Microsoft.AspNetCore.Http.Features.FormOptions>(form => form.MultipartBodyLengthLimit = RequestBytesMax);
        WebApplication application = builder.Build();
        RelayServices? services = null;
        try
        {
            services = new RelayServices(options, application.Services.GetRequiredService<ILoggerFactory>());
            RelayApi.Map(application, services);
            var host = new RelayHost(application, services);
            await services.StartAsync(cancellationToken);
            await application.StartAsync(cancellationToken);
            host.Address = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
            RelayLog.Started(application.Logger, options.Fleet, host.Address.ToString(), host.Broker);
            return host;
        }
        catch (Exception exception)
        {
            if (services is not null)
                await services.DisposeAsync();
            await application.DisposeAsync();
            throw exception switch
            {
                IOException => new RelayException(RelayErrorCodes.ListenFailed, exception.Message, "Choose another port or address, or stop what uses this one.", 500, exception),
                MqttException mqtt => new RelayException(RelayErrorCodes.ListenFailed, mqtt.Message, mqtt.Hint, 500, mqtt),
                _ => exception,
            };
        }
    }

    /// <summary>Waits until the token is cancelled, then stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DisposeAsync();
    }

    /// <summary>Answers what is being asked, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        await _application.StopAsync();
        await _services.DisposeAsync();
        await _application.DisposeAsync();
    }

    private static void Listen(KestrelServerOptions kestrel, RelayOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = RequestBytesMax;
        kestrel.Listen(options.HttpEndPoint, listen =>
        {
            if (options.Certificate is { } certificate)
                listen.UseHttps(certificate);
        });
    }

    private static void ConfigureLogs(ILoggingBuilder logging, RelayOptions options)
    {
        logging.SetMinimumLevel(options.LogLevel);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        if (options.JsonLogs)
            logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
        else
            logging.AddSimpleConsole(console => console.SingleLine = true);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
