using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Testing;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Agent.Tests.Cbor;

/// <summary>The reader on damaged messages.</summary>
public sealed class CborFuzzTests
{
    private const int Messages = 500;
    private const int DamagedEach = 200;
    private const int Margin = 24;

    [Fact]
    public void A_damaged_message_is_refused_or_read_whole_within_its_range_and_never_throws()
    {
        byte[][] intact = [.. CborItem.Any.Sample(size: 10, numberOfSamples: Messages).Select(item => item.Encode())];
        int read = 0;
        int refused = 0;
        for (int i = 0; i < intact.Length; i++)
        {
            foreach (byte[] damaged in Mutations.Of(intact[i], DamagedEach, seed: i))
            {
                if (ReadsAlikeWhateverStandsAround(damaged))
                    read++;
                else
                    refused++;
            }
        }

        Assert.Equal(Messages * DamagedEach, read + refused);
        // Neither would be so if the damage were never noticed, or always where a message begins.
        Assert.InRange(refused, Messages * DamagedEach / 4, Messages * DamagedEach);
        Assert.InRange(read, Messages * DamagedEach / 50, Messages * DamagedEach);
    }

    /// <summary>
    /// Reads the message between bytes that would be read differently if the reader left its range, once item by item and once as a whole. What is accepted is
    /// the deterministic encoding of what was read.
    /// </summary>
    private static bool ReadsAlikeWhateverStandsAround(byte[] message)
    {
        (bool accepted, string tree) = Read(message, 0x00);
        (bool again, string same) = Read(message, 0xFF);
        Assert.Equal((accepted, tree), (again, same));
        return accepted;
    }

    private static (bool Accepted, string Tree) Read(byte[] message, byte around)
    {
        byte[] margin = [.. Enumerable.Repeat(around, Margin)];
        byte[] data = [.. margin, .. message, .. margin];
        var reader = new CborReader();
        reader.Reset(data, Margin, message.Length);
        CborItem item = CborItem.Read(reader, data);
        Assert.InRange(reader.Position, Margin, Margin + message.Length);
        Assert.InRange(reader.DataOffset, Margin, Margin + message.Length);
        bool accepted = reader.Finish();
        if (accepted)
            Assert.Equal(message, item.Encode());

        reader.Reset(data, Margin, message.Length);
        reader.Skip();
        Assert.InRange(reader.Position, Margin, Margin + message.Length);
        Assert.Equal(accepted, reader.Finish());
        return (accepted, accepted ? item.ToString() : "");
    }
}
