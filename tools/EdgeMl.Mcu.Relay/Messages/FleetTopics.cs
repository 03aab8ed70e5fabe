using System.Buffers;
using EdgeMl.Mcu.Agent.Messages;

namespace EdgeMl.Mcu.Relay.Messages;

/// <summary>The topics of a fleet, see docs/protocol.md.</summary>
internal sealed class FleetTopics
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly string _up, _down, _chunk;

    /// <summary>Makes the topics of a fleet.</summary>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.BadRequest"/>: not a name.</exception>
    public FleetTopics(string fleet)
    {
        if (!DeviceTopics.IsName(fleet))
            throw new RelayException(RelayErrorCodes.BadRequest, $"'{fleet}' cannot name a fleet.", NameRule);
        _up = $"edgeml/{fleet}/up/";
        _down = $"edgeml/{fleet}/down/";
        _chunk = $"edgeml/{fleet}/chunk/";
    }

    /// <summary>What a name of a fleet or device looks like, for hints.</summary>
    public static string NameRule => $"A name has 1 to {DeviceTopics.NameLengthMax} characters of a-z 0-9 - _ and begins with a letter or digit.";

    /// <summary>Filter of all uplinks of a kind.</summary>
    public string UpFilter(string kind) => $"{_up}+/{kind}";

    /// <summary>A downlink topic of a device: <c>desired</c> or <c>ack</c>.</summary>
    public string Down(string device, string kind) => $"{_down}{device}/{kind}";

    /// <summary>The topic of a blob's chunks.</summary>
    /// <param name="blob">First 16 bytes of its hash, or more.</param>
    public string Chunk(ReadOnlySpan<byte> blob) => _chunk + Convert.ToHexStringLower(blob[..BlobName.Bytes]);

    /// <summary>Takes an uplink topic apart.</summary>
    public bool TryParseUp(string topic, out string device, out string kind)
    {
        device = kind = string.Empty;
        int slash = topic.LastIndexOf('/');
        if (slash <= _up.Length || !topic.StartsWith(_up, StringComparison.Ordinal))
            return false;
        device = topic[_up.Length..slash];
        kind = topic[(slash + 1)..];
        return DeviceTopics.IsName(device);
    }

    /// <summary>Whether a topic is an uplink of this device.</summary>
    public bool IsUp(string device, ReadOnlySpan<char> topic) =>
        topic.StartsWith(_up, StringComparison.Ordinal) && topic[_up.Length..].StartsWith(device, StringComparison.Ordinal)
        && topic[(_up.Length + device.Length)..] is "/hello" or "/status" or "/request" or "/result" or "/offline";

    /// <summary>Whether a device may subscribe to a filter: its own downlink, or one exact chunk topic.</summary>
    public bool IsReadable(string device, string filter)
    {
        if (filter.StartsWith(_chunk, StringComparison.Ordinal))
        {
            ReadOnlySpan<char> blob = filter.AsSpan(_chunk.Length);
            return blob.Length == 2 * BlobName.Bytes && !blob.ContainsAnyExcept(HexDigits);
        }
        return filter.StartsWith(_down, StringComparison.Ordinal) && filter.AsSpan(_down.Length).StartsWith(device, StringComparison.Ordinal)
            && filter.AsSpan(_down.Length + device.Length) is "/+" or "/desired" or "/ack";
    }
}
