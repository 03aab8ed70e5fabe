using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Relay.Fleet;

/// <summary>A device as the database has it, with its session's state and the name of what it runs.</summary>
internal sealed class DeviceRow
{
    /// <summary>Selects all rows; conditions follow with <c>where</c>.</summary>
    public const string Select =
        """
        select d.id Id, d.tags Tags, d.revoked Revoked, d.board Board, d.firmware Firmware, d.abi Abi, d.free_memory FreeMemory, d.slot_bytes SlotBytes,
            d.battery Battery, d.key_generation KeyGeneration, d.epoch Epoch, d.running Running, d.state State, d.error Error, d.progress Progress,
            d.last_seen LastSeen, d.attempt Attempt, d.order_rollout Rollout, coalesce(s.online, 0) Online, a.name Name, a.version Version
        from device d left join session s on s.device = d.id left join artifact a on a.id = d.running
        """;

    public string Id { get; init; } = string.Empty;

    public string Tags { get; init; } = string.Empty;

    public long Revoked { get; init; }

    public string? Board { get; init; }

    public string? Firmware { get; init; }

    public long? Abi { get; init; }

    public long? FreeMemory { get; init; }

    public long? SlotBytes { get; init; }

    public long? Battery { get; init; }

    public long? KeyGeneration { get; init; }

    public long? Epoch { get; init; }

    public byte[]? Running { get; init; }

    public long State { get; init; }

    public long Error { get; init; }

    public long Progress { get; init; }

    public long? LastSeen { get; init; }

    public long Attempt { get; init; }

    public long? Rollout { get; init; }

    public long Online { get; init; }

    public string? Name { get; init; }

    public string? Version { get; init; }

    /// <summary>The name of a device's error; null for none.</summary>
    public static string? ErrorName(long error) => error == 0 ? null : Enum.GetName((AgentError)error) ?? Enum.GetName((Runtime.Error)error) ?? "Unknown";

    /// <summary>The device as the HTTP API shows it.</summary>
    public DeviceInfo ToInfo() => new()
    {
        Id = Id,
        Tags = TagRules.Load(Tags),
        IsOnline = Online != 0,
        IsRevoked = Revoked != 0,
        Board = Board,
        Firmware = Firmware,
        RuntimeAbi = (int?)Abi,
        FreeMemoryBytes = FreeMemory,
        SlotBytes = SlotBytes,
        BatteryPercent = (int?)Battery,
        KeyGeneration = (int?)KeyGeneration,
        Epoch = Epoch,
        Running = Running is { Length: > 0 } ? Convert.ToHexStringLower(Running) : null,
        RunningName = Name,
        RunningVersion = Version,
        State = (DeviceState)State,
        Error = (int)Error,
        ErrorName = ErrorName(Error),
        ProgressChunks = (int)Progress,
        Attempt = Attempt,
        Rollout = Rollout,
        LastSeen = LastSeen is { } seen ? DateTimeOffset.FromUnixTimeMilliseconds(seen) : null,
    };
}
