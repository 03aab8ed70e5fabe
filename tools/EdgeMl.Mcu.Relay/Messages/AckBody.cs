using EdgeMl.Mcu.Agent.Cbor;

namespace EdgeMl.Mcu.Relay.Messages;

/// <summary>The body of <c>ack</c>: the relay has stored all statuses and results up to these numbers.</summary>
internal sealed record AckBody(byte[] Nonce, long Seq, long StatusSeq, long ResultSeq)
{
    private const int BytesMax = 64;

    /// <summary>The encoding.</summary>
    public byte[] Write()
    {
        byte[] buffer = new byte[BytesMax];
        var writer = new CborWriter();
        writer.Reset(buffer, 0, buffer.Length);
        writer.WriteMap(4);
        writer.WriteInteger(0);
        writer.WriteBytes(Nonce, 0, Nonce.Length);
        writer.WriteInteger(1);
        writer.WriteInteger(Seq);
        writer.WriteInteger(2);
        writer.WriteInteger(StatusSeq);
        writer.WriteInteger(3);
        writer.WriteInteger(ResultSeq);
        return buffer[..writer.Length];
    }
}
