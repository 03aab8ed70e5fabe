namespace EdgeMl.Mcu.Relay.Messages;

/// <summary>A device's hello.</summary>
internal sealed record DeviceHello
{
    private const int TextBytesMax = 64;
    public required byte[] Nonce { get; init; }

    public required string Board { get; init; }

    public required string Firmware { get; init; }

    public required int RuntimeAbi { get; init; }

    public required long FreeMemory { get; init; }

    public required long SlotBytes { get; init; }

    public required int KeyGeneration { get; init; }

    public required long Epoch { get; init; }

    /// <summary>Id of the manifest that runs; empty for none.</summary>
    public required byte[] Running { get; init; }

    public int? Battery { get; init; }

    /// <summary>Reads the body of a message.</summary>
    /// <returns>Null if it is not what the protocol says.</returns>
    public static DeviceHello? Read(byte[] body)
    {
        var map = new BodyReader(body);
        if (map.Integer(0, 1) != 1)
            return null;
        var hello = new DeviceHello
        {
            Nonce = map.Bytes(1, BodyReader.NonceBytes),
            Board = map.Text(2, TextBytesMax),
            Firmware = map.Text(3, TextBytesMax),
            RuntimeAbi = (int)map.Integer(4, int.MaxValue),
            FreeMemory = map.Integer(5, uint.MaxValue),
            SlotBytes = map.Integer(6, uint.MaxValue),
            KeyGeneration = (int)map.Integer(7, int.MaxValue),
            Epoch = map.Integer(8, uint.MaxValue),
            Running = map.IdOrEmpty(9),
            Battery = map.Has(10) ? (int)map.Integer(10, 100) : null,
        };
        if (map.Has(11))
            map.IdOrEmpty(11);
        if (map.Has(12))
            map.Integer(12, byte.MaxValue);
        return map.Finish() ? hello : null;
    }
}
