using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Relay.Messages;

/// <summary>A device's status.</summary>
internal sealed record DeviceStatus
{
    public required byte[] Nonce { get; init; }

    public required byte[] Challenge { get; init; }

    public required long Seq { get; init; }

    public required long Attempt { get; init; }

    public required DeviceState State { get; init; }

    /// <summary>0 or a number of AgentError.</summary>
    public required int Error { get; init; }

    /// <summary>Id of the manifest that runs; empty for none.</summary>
    public required byte[] Running { get; init; }

    public required long Epoch { get; init; }

    public required int KeyGeneration { get; init; }

    public required int Progress { get; init; }

    public required long FreeMemory { get; init; }

    public int? Battery { get; init; }

    /// <summary>Reads the body of a message.</summary>
    /// <returns>Null if it is not what the protocol says.</returns>
    public static DeviceStatus? Read(byte[] body)
    {
        var map = new BodyReader(body);
        var status = new DeviceStatus
        {
            Nonce = map.Bytes(0, BodyReader.NonceBytes),
            Challenge = map.Bytes(1, BodyReader.NonceBytes),
            Seq = map.Integer(2, long.MaxValue),
            Attempt = map.Integer(3, long.MaxValue),
            State = (DeviceState)map.Integer(4, (int)DeviceState.Refused),
            Error = (int)map.Integer(5, byte.MaxValue),
            Running = map.IdOrEmpty(6),
            Epoch = map.Integer(7, uint.MaxValue),
            KeyGeneration = (int)map.Integer(8, int.MaxValue),
            Progress = (int)map.Integer(9, int.MaxValue),
            FreeMemory = map.Integer(10, uint.MaxValue),
            Battery = map.Has(11) ? (int)map.Integer(11, 100) : null,
        };
        return map.Finish() ? status : null;
    }
}
