using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Relay.Messages;

/// <summary>A device's results.</summary>
/// <param name="Nonce">Of the device.</param>
/// <param name="Challenge">Of the relay.</param>
/// <param name="Records">Number and encoding of each record.</param>
internal sealed record DeviceResults(byte[] Nonce, byte[] Challenge, IReadOnlyList<(long Seq, byte[] Record)> Records)
{
    private const int RecordsMax = 256;
    private const int LabelBytesMax = 128;
    private const int OutputsMax = 4_096;

    /// <summary>Reads the body of a message.</summary>
    /// <returns>Null if it is not what the protocol says.</returns>
    public static DeviceResults? Read(byte[] body)
    {
        var map = new BodyReader(body);
        byte[] nonce = map.Bytes(0, BodyReader.NonceBytes);
        byte[] challenge = map.Bytes(1, BodyReader.NonceBytes);
        map.Expect(2);
        var records = new List<(long, byte[])>();
        int count = map.Reader.ReadArray();
        if (count is 0 or > RecordsMax)
            map.Reader.Fail();
        for (int i = 0; i < count && !map.Reader.Failed; i++)
        {
            int start = map.Reader.Position;
            if (ReadRecord(map.Reader, body, default) is { } record)
                records.Add((record.Seq, body[start..map.Reader.Position]));
        }
        map.Advance();
        return map.Finish() ? new DeviceResults(nonce, challenge, records) : null;
    }

    /// <summary>Reads a stored record.</summary>
    public static ResultInfo ReadRecord(byte[] record, DateTimeOffset storedAt)
    {
        var reader = new CborReader();
        reader.Reset(record, 0, record.Length);
        return ReadRecord(reader, record, storedAt) ?? throw new RelayException(RelayErrorCodes.Internal, "A stored result is damaged.", statusCode: 500);
    }

    private static ResultInfo? ReadRecord(CborReader reader, byte[] data, DateTimeOffset storedAt)
    {
        int fields = reader.ReadArray();
        if (fields is not (4 or 5))
            reader.Fail();
        long seq = NotNegative(reader);
        long uptime = NotNegative(reader);
        // A model without labels gives the number of the class.
        string? label = reader.TryReadNull() ? null : reader.Peek() == CborType.Unsigned ? $"{reader.ReadInteger()}" : reader.ReadText(LabelBytesMax);
        int count = reader.ReadArray();
        if (count > OutputsMax)
            reader.Fail();
        int[] outputs = new int[reader.Failed ? 0 : count];
        for (int i = 0; i < outputs.Length; i++)
            outputs[i] = reader.ReadInteger(int.MinValue, int.MaxValue);
        byte[]? sample = null;
        if (fields == 5)
        {
            int length = reader.ReadBytes();
            sample = reader.Failed ? null : data[reader.DataOffset..(reader.DataOffset + length)];
        }
        return reader.Failed ? null : new ResultInfo { Seq = seq, UptimeMs = uptime, StoredAt = storedAt, Label = label, Outputs = outputs, Sample = sample };
    }

    private static long NotNegative(CborReader reader)
    {
        long value = reader.ReadInteger();
        if (value < 0)
            reader.Fail();
        return value;
    }
}
