using System.Security.Cryptography;
using System.Text;
using EdgeMl.Mcu.Agent.Crypto;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Agent.Tests.Crypto;

/// <summary>The code against the test cases of RFC 4231 and against the platform's.</summary>
public sealed class HmacSha256Tests
{
    public static TheoryData<byte[], byte[], string> Cases => new()
    {
        { Repeat(0x0B, 20), Ascii("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
        { Ascii("Jefe"), Ascii("what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
        { Repeat(0xAA, 20), Repeat(0xDD, 50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
        { [.. Enumerable.Range(1, 25).Select(value => (byte)value)], Repeat(0xCD, 50), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b" },
        { Repeat(0x0C, 20), Ascii("Test With Truncation"), "a3b6167473100ee06e0c796c2955552b" },
        { Repeat(0xAA, 131), Ascii("Test Using Larger Than Block-Size Key - Hash Key First"), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
        { Repeat(0xAA, 131), Ascii("This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm."), "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_standard_test_cases_give_their_codes(byte[] key, byte[] data, string code)
    {
        byte[] expected = Convert.FromHexString(code);
        var hmac = new HmacSha256();
        hmac.SetKey(key, 0, key.Length);
        var actual = new byte[expected.Length];

        hmac.Append(data, 0, data.Length);
        hmac.Finish(actual, 0, actual.Length);
        Assert.Equal(expected, actual);

        hmac.Append(data, 0, data.Length);
        Assert.True(hmac.Verify(expected, 0, expected.Length));
    }

    [Fact]
    public void Messages_under_one_key_give_the_codes_of_the_platform()
    {
        var hmac = new HmacSha256();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000), Prop.ForAll(
            Gen.Choose(0, 140).ToArbitrary(), Gen.Choose(0, 200).ArrayOf().ToArbitrary(), (keyLength, lengths) =>
            {
                byte[] key = [.. Enumerable.Range(7, keyLength).Select(value => (byte)(value * 31))];
                hmac.SetKey([9, .. key, 9], 1, keyLength);
                return lengths.All(length =>
                {
                    byte[] data = Repeat((byte)length, length);
                    byte[] expected = HMACSHA256.HashData(key, data);
                    hmac.Append(data, 0, length / 2);
                    hmac.Append(data, length / 2, length - (length / 2));
                    return hmac.Verify([1, .. expected, 2], 1, expected.Length);
                });
            }));
    }

    [Fact]
    public void A_code_with_any_bit_changed_is_refused()
    {
        byte[] key = Ascii("key");
        byte[] data = Ascii("message");
        byte[] code = HMACSHA256.HashData(key, data);
        var hmac = new HmacSha256();
        hmac.SetKey(key, 0, key.Length);
        for (int bit = 0; bit < 8 * code.Length; bit++)
        {
            byte[] altered = [.. code];
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            hmac.Append(data, 0, data.Length);
            Assert.False(hmac.Verify(altered, 0, altered.Length));
        }
        hmac.Append(data, 0, 3);
        hmac.Reset();
        hmac.Append(data, 0, data.Length);
        Assert.True(hmac.Verify(code, 0, code.Length));
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Repeat(byte value, int count) => [.. Enumerable.Repeat(value, count)];
}
