using System.Security.Cryptography;
using System.Text;
using EdgeMl.Mcu.Agent.Crypto;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Agent.Tests.Crypto;

/// <summary>The hash against NIST's examples for FIPS 180-4 and against the platform's.</summary>
public sealed class Sha256Tests
{
    [Theory]
    [InlineData("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    [InlineData("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu", 1, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1")]
    [InlineData("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")]
    public void The_standard_examples_give_their_digests(string text, int times, string digest)
    {
        var hash = new Sha256();
        byte[] data = Encoding.ASCII.GetBytes(text);
        for (int i = 0; i < times; i++)
            hash.Append(data, 0, data.Length);

        var actual = new byte[Sha256.DigestBytes];
        hash.Finish(actual, 0);

        Assert.Equal(digest, Convert.ToHexStringLower(actual));
    }

    [Fact]
    public void Data_in_any_pieces_gives_the_digest_of_the_platform()
    {
        var hash = new Sha256();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Pieces.ToArbitrary(), pieces =>
        {
            foreach ((byte[] data, int offset, int count) in pieces)
                hash.Append(data, offset, count);
            var digest = new byte[40];
            hash.Finish(digest, 5);
            byte[] whole = [.. pieces.SelectMany(piece => piece.Data.Skip(piece.Offset).Take(piece.Count))];
            byte[] expected = [0, 0, 0, 0, 0, .. SHA256.HashData(whole), 0, 0, 0];
            return digest.AsSpan().SequenceEqual(expected);
        }));
    }

    [Fact]
    public void Every_length_around_the_block_gives_the_digest_of_the_platform()
    {
        var hash = new Sha256();
        byte[] data = [.. Enumerable.Range(0, 200).Select(value => (byte)(value * 89))];
        for (int length = 0; length <= data.Length; length++)
        {
            var digest = new byte[Sha256.DigestBytes];
            hash.Append(data, 0, length);
            hash.Finish(digest, 0);
            Assert.Equal(SHA256.HashData(data.AsSpan(0, length)), digest);
        }
    }

    [Fact]
    public void A_reset_forgets_the_data_and_a_short_digest_is_the_beginning_of_the_whole()
    {
        var hash = new Sha256();
        hash.Append([1, 2, 3], 0, 3);
        hash.Reset();
        hash.Append([4, 5], 1, 1);
        var digest = new byte[32];
        hash.Finish(digest, 0, 24);

        Assert.Equal([.. SHA256.HashData([5]).AsSpan(0, 24), .. new byte[8]], digest);
    }

    /// <summary>Pieces of data, many of lengths around the block's.</summary>
    private static Gen<(byte[] Data, int Offset, int Count)[]> Pieces =>
        (from count in Gen.OneOf(Gen.Choose(0, 150), Gen.Elements(0, 1, 55, 56, 63, 64, 65, 128))
         from offset in Gen.Choose(0, 9)
         from seed in Gen.Choose(0, int.MaxValue)
         select (Bytes(seed, offset + count), offset, count)).ArrayOf();

    private static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
