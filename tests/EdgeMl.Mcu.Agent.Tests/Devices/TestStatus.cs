using EdgeMl.Mcu.Agent.Cbor;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>A status that a device sent.</summary>
internal sealed record TestStatus(byte[] Nonce, byte[] Challenge, long Sequence, int Attempt, int State, int Error, byte[] Running, int Epoch, int Generation, int Progress)
{
    public static TestStatus Read(byte[] body)
    {
        var reader = new CborReader();
        reader.Reset(body, 0, body.Length);
        int pairs = reader.ReadMap();
        Assert.InRange(pairs, 12, 13);
        var numbers = new long[13];
        var bytes = new byte[13][];
        int key = -1;
        for (int i = 0; i < pairs; i++)
        {
            key = reader.ReadKey(key);
            if (reader.Peek() == CborType.Bytes)
            {
                int count = reader.ReadBytes();
                bytes[key] = body[reader.DataOffset..(reader.DataOffset + count)];
            }
            else if (reader.Peek() == CborType.Unsigned)
            {
                numbers[key] = reader.ReadInteger();
            }
            else
            {
                reader.Skip();
            }
        }
        Assert.True(reader.Finish());
        return new TestStatus(bytes[0], bytes[1], numbers[2], (int)numbers[3], (int)numbers[4], (int)numbers[5], bytes[6], (int)numbers[7], (int)numbers[8], (int)numbers[9]);
    }
}
