using EdgeMl.Mcu.Link.Framing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Bench.Tests.Link;

public class CobsTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(1000);

    // Zeros and long runs without one are what the code is about.
    private static readonly Gen<byte[]> Data =
        from runs in (from length in Gen.Choose(0, 600) from value in Gen.Choose(0, 3) select Enumerable.Repeat((byte)value, value == 0 ? length % 5 : length)).ListOf()
        from noise in ArbMap.Default.ArbFor<byte[]>().Generator
        select runs.SelectMany(run => run).Concat(noise).ToArray();

    /// <summary>The examples of the paper's description.</summary>
    [Theory]
    [InlineData("", "01")]
    [InlineData("00", "0101")]
    [InlineData("0000", "010101")]
    [InlineData("11223300", "0411223301")]
    [InlineData("11220033", "0311220233")]
    [InlineData("001100", "01021101")]
    public void Bytes_become_the_code_of_the_paper(string data, string code)
    {
        Assert.Equal(code, Convert.ToHexString(Encode(Convert.FromHexString(data))));
        Assert.Equal(data, Convert.ToHexString(Decode(Convert.FromHexString(code))!));
    }

    [Theory]
    [InlineData(253, 254)]
    [InlineData(254, 255)]
    [InlineData(255, 257)]
    [InlineData(508, 510)]
    [InlineData(509, 512)]
    public void A_run_without_zeros_costs_one_byte_in_254(int count, int expected)
    {
        byte[] code = Encode([.. Enumerable.Repeat((byte)7, count)]);

        Assert.Equal(expected, code.Length);
        Assert.Equal(Math.Min(count + 1, 255), code[0]);
    }

    [Fact]
    public void Both_endings_of_a_full_run_are_read()
    {
        byte[] full = [255, .. Enumerable.Repeat((byte)7, 254)];

        Assert.Equal(full[1..], Decode(full));
        Assert.Equal(full[1..], Decode([.. full, 1]));
    }

    [Fact]
    public void Any_bytes_come_back_and_their_code_has_no_zero_and_no_more_bytes_than_promised() => Prop.ForAll(Data.ToArbitrary(), data =>
    {
        byte[] code = Encode(data);
        Assert.DoesNotContain((byte)0, code);
        Assert.InRange(code.Length, data.Length + 1, Cobs.EncodedMax(data.Length));
        Assert.Equal(data, Decode(code));
    }).Check(Thorough);

    [Fact]
    public void Any_bytes_can_be_decoded_or_are_refused() => Prop.ForAll(Data.ToArbitrary(), data =>
    {
        byte[] code = Array.ConvertAll(data, value => value == 0 ? (byte)1 : value);
        if (Decode(code) is { } decoded)
            Assert.True(decoded.Length <= code.Length);
    }).Check(Thorough);

    [Fact]
    public void The_checksum_is_that_of_x25() => Assert.Equal(0x906E, Crc16.Compute("x123456789x"u8.ToArray(), 1, 9));

    [Fact]
    public void The_checksum_of_a_transfer_is_castagnoli_s() => Assert.Equal(0xE3069283u, Crc32C.Append(Crc32C.Append(0, "x1234"u8.ToArray(), 1, 4), "56789"u8.ToArray(), 0, 5));

    [Fact]
    public void A_frame_has_the_bytes_of_the_document() => Assert.Equal("00040101010103548200", Convert.ToHexString(Frames.Make(0x01, 1)));

    private static byte[] Encode(byte[] data)
    {
        int offset = Cobs.EncodedMax(data.Length) - data.Length + 1;
        byte[] buffer = [0xEE, .. new byte[offset - 1], .. data, 0xEE];
        int count = Cobs.Encode(buffer, offset, data.Length, 1);
        Assert.Equal((0xEE, 0xEE), (buffer[0], buffer[^1]));
        return buffer[1..(1 + count)];
    }

    private static byte[]? Decode(byte[] code)
    {
        byte[] buffer = [0xEE, .. code, 0xEE];
        int count = Cobs.Decode(buffer, 1, code.Length);
        Assert.Equal((0xEE, 0xEE), (buffer[0], buffer[^1]));
        return count < 0 ? null : buffer[1..(1 + count)];
    }
}
