using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Encryption;
using EdgeMl.Mcu.Ota.Encryption;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Ota.Tests.Encryption;

public class ModelEncryptionTests
{
    [Fact]
    public void The_ciphertext_is_that_of_the_platforms_AES_over_the_counter_blocks() =>
        Prop.ForAll(Arb.From(from length in Gen.Choose(0, 300) from seed in Gen.Choose(0, int.MaxValue) select (length, seed)), pair =>
        {
            byte[] model = Bytes(pair.length, pair.seed), key = Bytes(16, pair.seed + 1), nonce = Bytes(12, pair.seed + 2);
            byte[] expected = [.. model.Select((value, i) => (byte)(value ^ CounterBlock(key, nonce, i / 16)[i % 16]))];
            byte[] original = [.. model];
            Assert.Equal(expected, ModelEncryption.Encrypt(model, key, nonce));
            Assert.Equal(original, model);
            Assert.Equal(model, ModelEncryption.Encrypt(expected, key, nonce));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Keys_and_nonces_are_new_each_time()
    {
        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => Convert.ToHexString(ModelEncryption.NewKey())).Distinct().Count());
        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => Convert.ToHexString(ModelEncryption.NewNonce())).Distinct().Count());
        Assert.Equal((16, 12), (ModelEncryption.NewKey().Length, ModelEncryption.NewNonce().Length));
    }

    [Theory]
    [InlineData(15, 12)]
    [InlineData(32, 12)]
    [InlineData(16, 16)]
    [InlineData(16, 0)]
    public void A_key_or_nonce_of_another_length_is_refused(int keyBytes, int nonceBytes) =>
        Assert.Throws<ArgumentException>(() => ModelEncryption.Encrypt([1], new byte[keyBytes], new byte[nonceBytes]));

    [Fact]
    public void A_wrapped_key_unwraps_with_the_key_of_its_device_only()
    {
        byte[] key = Bytes(16, 1), device = Bytes(32, 2);
        byte[] wrapped = ModelEncryption.Wrap(key, device);
        var unwrapped = new byte[16];
        Assert.True(Device(device).TryUnwrap(wrapped, 0, unwrapped, 0));
        Assert.Equal(key, unwrapped);
        for (int bit = 0; bit < 8 * device.Length; bit++)
            Assert.False(Device(Flipped(device, bit)).TryUnwrap(wrapped, 0, unwrapped, 0));
        for (int bit = 0; bit < 8 * wrapped.Length; bit++)
            Assert.False(Device(device).TryUnwrap(Flipped(wrapped, bit), 0, unwrapped, 0));
        Assert.Equal(key, unwrapped);
    }

    [Fact]
    public void The_wrapping_key_is_the_HMAC_of_its_label_under_the_devices_key()
    {
        byte[] key = Bytes(16, 3), device = Bytes(32, 4);
        var cipher = new Aes128();
        cipher.SetKey(HMACSHA256.HashData(device, Encoding.ASCII.GetBytes("edgeml model key 1")), 0);
        var expected = new byte[24];
        new AesKeyWrap(cipher).Wrap(key, 0, expected, 0);
        Assert.Equal(expected, ModelEncryption.Wrap(key, device));
    }

    private static ModelKey Device(byte[] key)
    {
        var model = new ModelKey(new Aes128());
        model.SetDevice(key, 0, key.Length);
        return model;
    }

    private static byte[] CounterBlock(byte[] key, byte[] nonce, int block)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        byte[] counter = [.. nonce, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(counter.AsSpan(12), block);
        return aes.EncryptEcb(counter, PaddingMode.None);
    }

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        byte[] copy = [.. bytes];
        copy[bit / 8] ^= (byte)(1 << (bit % 8));
        return copy;
    }

    private static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
