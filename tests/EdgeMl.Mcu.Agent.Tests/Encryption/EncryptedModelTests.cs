using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Encryption;
using EdgeMl.Mcu.Ota.Encryption;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Agent.Tests.Encryption;

public class EncryptedModelTests
{
    private const int Page = 1 << 20;
    private static readonly byte[] Model = CompiledModels.Get("digits_cnn").Bytes;
    private static readonly byte[] Key = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
    private static readonly byte[] Nonce = [.. Enumerable.Range(100, 12).Select(i => (byte)i)];
    private static readonly byte[] DeviceKey = [.. Enumerable.Range(50, 32).Select(i => (byte)i)];
    private static readonly byte[] Encrypted = ModelEncryption.Encrypt(Model, Key, Nonce);

    [Fact]
    public void An_encrypted_model_runs_paged_with_the_outputs_of_the_plain_one()
    {
        var cipher = new Aes128();
        var keys = new ModelKey(cipher);
        keys.SetDevice(DeviceKey, 0, DeviceKey.Length);
        Assert.True(keys.TryUnwrap(ModelEncryption.Wrap(Key, DeviceKey), 0, new byte[ModelKey.KeyBytes], 0));
        var mode = new AesCtr(cipher);
        mode.SetNonce(Nonce, 0);

        Assert.Equal(Error.None, Runtime.Model.TryLoad(new DecryptingSource(new ArraySource(Encrypted), mode), Page, out Model model));

        var paged = new Interpreter(model);
        var plain = new Interpreter(Runtime.Model.Load(Model));
        Assert.True(model.PageBytes > 0);
        Assert.Equal(Error.None, paged.SelfTest());
        for (int seed = 0; seed < 10; seed++)
            Assert.Equal(Output(plain, seed), Output(paged, seed));
    }

    [Fact]
    public void An_encrypted_model_loads_whole()
    {
        var file = new byte[Encrypted.Length];
        Assert.True(Source(Key).Read(0, file, 0, file.Length));
        Assert.Equal(Model, file);
        Assert.Equal(Error.None, Runtime.Model.TryLoad(file, out _));
    }

    [Fact]
    public void With_another_key_or_nonce_the_model_does_not_load()
    {
        for (int bit = 0; bit < 128; bit++)
        {
            byte[] wrong = [.. Key];
            wrong[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertRefused(Source(wrong));
        }
        byte[] other = [.. Nonce];
        other[0] ^= 1;
        AssertRefused(Source(Key, other));
    }

    [Fact]
    public void Parts_read_in_any_order_are_those_of_the_plain_model()
    {
        var random = new Random(1);
        DecryptingSource source = Source(Key);
        var buffer = new byte[600];
        for (int i = 0; i < 2000; i++)
        {
            int offset = random.Next(Model.Length), index = random.Next(50), count = random.Next(Math.Min(500, Model.Length - offset) + 1);
            Array.Fill(buffer, (byte)0xEE);
            Assert.True(source.Read(offset, buffer, index, count));
            Assert.Equal(Model.AsSpan(offset, count), buffer.AsSpan(index, count));
            Assert.False(buffer.AsSpan(0, index).ContainsAnyExcept((byte)0xEE) || buffer.AsSpan(index + count).ContainsAnyExcept((byte)0xEE));
        }
    }

    [Fact]
    public void A_read_allocates_nothing()
    {
        DecryptingSource source = Source(Key);
        var buffer = new byte[256];
        source.Read(0, buffer, 0, buffer.Length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            source.Read(i, buffer, 0, buffer.Length);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_source_that_fails_fails_the_load()
    {
        var inner = new ArraySource(Encrypted);
        var cipher = new Aes128();
        cipher.SetKey(Key, 0);
        var mode = new AesCtr(cipher);
        mode.SetNonce(Nonce, 0);
        Assert.Equal(Error.None, Runtime.Model.TryLoad(new DecryptingSource(inner, mode), Page, out _));
        for (int reads = 0; reads < inner.Reads; reads++)
            Assert.Equal(Error.SourceFailed, Runtime.Model.TryLoad(new DecryptingSource(new ArraySource(Encrypted) { ReadsMax = reads }, mode), Page, out _));
    }

    private static void AssertRefused(DecryptingSource source)
    {
        Assert.Equal(Error.NotAModel, Runtime.Model.TryLoad(source, Page, out Model model));
        Assert.Null(model);
        var file = new byte[source.Length];
        Assert.True(source.Read(0, file, 0, file.Length));
        Assert.Equal(Error.NotAModel, Runtime.Model.TryLoad(file, out _));
    }

    private static DecryptingSource Source(byte[] key, byte[]? nonce = null)
    {
        var cipher = new Aes128();
        cipher.SetKey(key, 0);
        var mode = new AesCtr(cipher);
        mode.SetNonce(nonce ?? Nonce, 0);
        return new DecryptingSource(new ArraySource(Encrypted), mode);
    }

    private static sbyte[] Output(Interpreter interpreter, int seed)
    {
        var random = new Random(seed);
        interpreter.SetInput(0, Array.ConvertAll(new float[64], _ => random.NextSingle()));
        interpreter.Invoke();
        var output = new sbyte[10];
        interpreter.GetOutput(0, output);
        return output;
    }
}
