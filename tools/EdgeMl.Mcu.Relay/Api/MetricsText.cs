using System.Globalization;
using System.Text;
using Dapper;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Dispatch;

namespace EdgeMl.Mcu.Relay.Api;

/// <summary>The metrics in Prometheus' text format, version 0.0.4.</summary>
internal static class MetricsText
{
    /// <summary>The content type of the format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>All metrics at this moment.</summary>
    public static string Of(RelayServices services)
    {
        var text = new StringBuilder();
        (int devices, int online) = services.Devices.Count();
        Gauge(text, "edgeml_devices", "Devices that are not revoked.", devices);
        Gauge(text, "edgeml_devices_online", "Devices that are connected.", online);
        Gauge(text, "edgeml_artifacts", "Published models.", services.Artifacts.All.Count());
        AddRollouts(text, services);
        AddMessages(text, services.Counters);
        Gauge(text, "edgeml_uplinks_waiting", "Messages of devices that wait for the database.", services.Dispatcher.UplinksWaiting);
        Gauge(text, "edgeml_downlinks_waiting", "Messages to devices that wait to be sent.", services.Dispatcher.DownlinksWaiting);
        Gauge(text, "edgeml_reminders_waiting", "Devices that have not answered an order.", services.Reminders.Count);
        Counter(text, "edgeml_store_commits_total", "Commits of the database.", services.Store.Commits);
        Counter(text, "edgeml_store_writes_total", "Writes that were committed.", services.Store.Written);
        Counter(text, "edgeml_store_failures_total", "Writes that the disk refused.", services.Store.Failed);
        Gauge(text, "edgeml_broker_connected", "Whether there is a connection to the broker.", services.Link.IsConnected ? 1 : 0);
        if (services.Access is { } access)
        {
            Counter(text, "edgeml_broker_logins_refused_total", "Logins at the embedded broker that were refused.", access.Refused);
            Counter(text, "edgeml_broker_topics_denied_total", "Messages and subscriptions to topics that are not the device's own.", access.Denied);
        }
        if (services.Link is EmbeddedLink { Broker.Statistics: { } broker })
        {
            Gauge(text, "edgeml_broker_connections", "Connections to the embedded broker.", broker.Connections);
            Counter(text, "edgeml_broker_messages_dropped_total", "Messages that a client did not get because its queue was full.", broker.MessagesDropped);
        }
        return text.ToString();
    }

    private static void AddRollouts(StringBuilder text, RelayServices services)
    {
        (long State, long Count)[] rollouts = services.Store.Read(connection => connection.Query<(long, long)>("select state, count(*) from rollout group by state").ToArray());
        Head(text, "edgeml_rollouts", "Rollouts by state.", "gauge");
        foreach (RolloutState state in Enum.GetValues<RolloutState>())
            text.Append(CultureInfo.InvariantCulture, $"edgeml_rollouts{{state=\"{state.ToString().ToLowerInvariant()}\"}} {rollouts.FirstOrDefault(row => row.State == (long)state).Count}\n");
    }

    private static void AddMessages(StringBuilder text, RelayCounters counters)
    {
        Counter(text, "edgeml_hellos_total", "Hellos of devices.", Interlocked.Read(ref counters.Hellos));
        Counter(text, "edgeml_statuses_total", "Statuses that were stored.", Interlocked.Read(ref counters.Statuses));
        Counter(text, "edgeml_results_total", "Results that were stored.", Interlocked.Read(ref counters.Results));
        Counter(text, "edgeml_unverified_total", "Messages of unknown devices, or whose tag does not fit.", Interlocked.Read(ref counters.Unverified));
        Counter(text, "edgeml_malformed_total", "Messages that are not what the protocol says.", Interlocked.Read(ref counters.Malformed));
        Counter(text, "edgeml_stale_total", "Messages of another connection, or that came before.", Interlocked.Read(ref counters.Stale));
        Counter(text, "edgeml_chunk_requests_total", "Requests for chunks.", Interlocked.Read(ref counters.ChunkRequests));
        Counter(text, "edgeml_chunks_published_total", "Chunks that were published.", Interlocked.Read(ref counters.ChunksPublished));
        Counter(text, "edgeml_desired_sent_total", "Desired states that were sent.", Interlocked.Read(ref counters.DesiredSent));
        Counter(text, "edgeml_acks_sent_total", "Acknowledgements that were sent.", Interlocked.Read(ref counters.AcksSent));
        Counter(text, "edgeml_storage_failures_total", "Batches of messages that the database did not take.", Interlocked.Read(ref counters.StorageFailures));
    }

    private static void Gauge(StringBuilder text, string name, string help, long value) => Metric(text, name, help, "gauge", value);

    private static void Counter(StringBuilder text, string name, string help, long value) => Metric(text, name, help, "counter", value);

    private static void Metric(StringBuilder text, string name, string help, string type, long value)
    {
        Head(text, name, help, type);
        text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
    }

    private static void Head(StringBuilder text, string name, string help, string type) => text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
}
