using System.Security.Cryptography;
using EdgeMl.Mcu.Agent.Crypto;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Agent.Tests.Crypto;

/// <summary>The cipher, its counter mode and the key wrap against the examples of their standards and against the platform's cipher.</summary>
public sealed class AesTests
{
    [Theory]
    [InlineData("000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff", "69c4e0d86a7b0430d8cdb78070b4c55a")] // FIPS 197, C.1
    [InlineData("2b7e151628aed2a6abf7158809cf4f3c", "3243f6a8885a308d313198a2e0370734", "3925841d02dc09fbdc118597196a0b32")] // FIPS 197, B
    [InlineData("2b7e151628aed2a6abf7158809cf4f3c", "6bc1bee22e409f96e93d7e117393172a", "3ad77bb40d7a3660a89ecaf32466ef97")] // SP 800-38A, F.1.1
    public void The_standard_blocks_are_encrypted_and_decrypted(string key, string plain, string encrypted)
    {
        var cipher = new Aes128();
        cipher.SetKey(Convert.FromHexString(key), 0);
        byte[] block = Convert.FromHexString(plain);

        cipher.Encrypt(block, 0, block, 0);
        Assert.Equal(encrypted, Convert.ToHexStringLower(block));

        cipher.Decrypt(block, 0, block, 0);
        Assert.Equal(plain, Convert.ToHexStringLower(block));
    }

    [Fact]
    public void Any_block_under_any_key_is_encrypted_as_by_the_platform_and_decrypted_again()
    {
        var cipher = new Aes128();
        using var platform = Aes.Create();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Bytes(16).ToArbitrary(), Bytes(16).ToArbitrary(), (key, plain) =>
        {
            platform.SetKey(key);
            cipher.SetKey([1, .. key], 1);
            var block = new byte[20];
            cipher.Encrypt([7, 7, .. plain], 2, block, 3);
            byte[] expected = [0, 0, 0, .. platform.EncryptEcb(plain, PaddingMode.None), 0];
            bool encrypts = block.AsSpan().SequenceEqual(expected);
            cipher.Decrypt(block, 3, block, 4);
            return encrypts && block.AsSpan(4).SequenceEqual(plain);
        }));
    }

    [Fact]
    public void The_standard_message_is_encrypted_in_counter_mode()
    {
        // SP 800-38A, F.5.1: the counter block begins at f0f1..ff, so the nonce is its first 12 bytes and the first block's number fcfdfeff.
        AesCtr mode = Mode("2b7e151628aed2a6abf7158809cf4f3c", "f0f1f2f3f4f5f6f7f8f9fafb");
        byte[] data = Convert.FromHexString("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");

        mode.Apply(data, 0, data.Length, 0xFCFDFEFFL << 4);

        Assert.Equal("874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee", Convert.ToHexStringLower(data));
    }

    [Fact]
    public void Pieces_in_any_order_give_what_the_whole_gives()
    {
        AesCtr mode = Mode("000102030405060708090a0b0c0d0e0f", "101112131415161718191a1b");
        byte[] whole = new byte[500];
        mode.Apply(whole, 0, whole.Length, 0);
        Gen<(int From, int Count)> piece = from start in Gen.Choose(0, whole.Length) from count in Gen.Choose(0, whole.Length - start) select (start, count);

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000), Prop.ForAll(piece.ToArbitrary(), range =>
        {
            var data = new byte[range.Count + 2];
            mode.Apply(data, 1, range.Count, range.From);
            return data[0] == 0 && data[^1] == 0 && data.AsSpan(1, range.Count).SequenceEqual(whole.AsSpan(range.From, range.Count));
        }));
    }

    [Fact]
    public void Another_nonce_gives_another_stream()
    {
        var cipher = new Aes128();
        cipher.SetKey(new byte[16], 0);
        var mode = new AesCtr(cipher);
        var first = new byte[16];
        var second = new byte[16];
        mode.Apply(first, 0, 16, 0);
        mode.SetNonce([0, .. new byte[11], 1], 1);
        mode.Apply(second, 0, 16, 0);

        using var platform = Aes.Create();
        platform.SetKey(new byte[16]);
        Assert.Equal(platform.EncryptEcb(new byte[16], PaddingMode.None), first);
        Assert.Equal(platform.EncryptEcb([.. new byte[11], 1, 0, 0, 0, 0], PaddingMode.None), second);
    }

    [Fact]
    public void The_standard_key_is_wrapped_and_unwrapped()
    {
        // RFC 3394, section 4.1.
        byte[] key = Convert.FromHexString("00112233445566778899aabbccddeeff");
        AesKeyWrap wrap = Wrap("000102030405060708090a0b0c0d0e0f");
        var wrapped = new byte[AesKeyWrap.WrappedBytes];

        wrap.Wrap(key, 0, wrapped, 0);
        Assert.Equal("1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5", Convert.ToHexStringLower(wrapped));

        var unwrapped = new byte[16];
        Assert.True(wrap.Unwrap(wrapped, 0, unwrapped, 0));
        Assert.Equal(key, unwrapped);
    }

    [Fact]
    public void A_wrapped_key_with_any_bit_changed_or_under_another_key_is_refused()
    {
        AesKeyWrap wrap = Wrap("000102030405060708090a0b0c0d0e0f");
        byte[] wrapped = Convert.FromHexString("1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5");
        var key = new byte[16];
        for (int bit = 0; bit < 8 * wrapped.Length; bit++)
        {
            byte[] altered = [.. wrapped];
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(wrap.Unwrap(altered, 0, key, 0));
        }
        Assert.False(Wrap("000102030405060708090a0b0c0d0e0e").Unwrap(wrapped, 0, key, 0));
        Assert.Equal(new byte[16], key);
    }

    [Fact]
    public void Any_key_is_unwrapped_to_what_was_wrapped() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(
        Bytes(16).ToArbitrary(), Bytes(16).ToArbitrary(), (encryptionKey, key) =>
        {
            AesKeyWrap wrap = Wrap(Convert.ToHexString(encryptionKey));
            var buffer = new byte[40];
            wrap.Wrap([1, .. key], 1, buffer, 2);
            var unwrapped = new byte[18];
            return wrap.Unwrap(buffer, 2, unwrapped, 1) && unwrapped.AsSpan(1, 16).SequenceEqual(key);
        }));

    private static Gen<byte[]> Bytes(int count) => Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(count);

    private static AesCtr Mode(string key, string nonce)
    {
        var cipher = new Aes128();
        cipher.SetKey(Convert.FromHexString(key), 0);
        var mode = new AesCtr(cipher);
        mode.SetNonce(Convert.FromHexString(nonce), 0);
        return mode;
    }

    private static AesKeyWrap Wrap(string key)
    {
        var cipher = new Aes128();
        cipher.SetKey(Convert.FromHexString(key), 0);
        return new AesKeyWrap(cipher);
    }
}
