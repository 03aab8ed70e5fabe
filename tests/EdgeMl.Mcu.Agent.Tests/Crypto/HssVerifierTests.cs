using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Agent.Tests.Crypto;

/// <summary>The verifiers against the published signatures, whole and damaged.</summary>
public sealed class HssVerifierTests
{
    public static TheoryData<string> Names => [.. HssVectors.All.Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_published_signature_is_valid_for_its_message_in_any_pieces(string name)
    {
        HssVector vector = Vector(name);
        var verifier = new HssVerifier();

        for (int piece = 1; piece <= vector.Message.Length; piece += 13)
            Assert.True(Verify(verifier, vector, piece));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_signature_with_any_byte_changed_is_refused(string name)
    {
        HssVector vector = Vector(name);
        var verifier = new HssVerifier();
        // Every byte of the structure; of hash values, which are all alike, some.
        int[] places = [.. Enumerable.Range(0, vector.Signature.Length).Where(place => place < 44 || place > vector.Signature.Length - 24 || place % 97 == 0)];
        foreach (int place in places)
        {
            byte[] altered = [.. vector.Signature];
            altered[place] ^= (byte)(1 << (place % 8));
            Assert.False(Verify(verifier, vector with { Signature = altered }), $"byte {place}");
        }
        Assert.True(Verify(verifier, vector));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_key_or_message_with_any_bit_changed_is_refused(string name)
    {
        HssVector vector = Vector(name);
        var verifier = new HssVerifier();
        for (int bit = 0; bit < 8 * vector.PublicKey.Length; bit += 7)
            Assert.False(Verify(verifier, vector with { PublicKey = Flip(vector.PublicKey, bit) }), $"bit {bit} of the key");
        for (int bit = 0; bit < 8 * vector.Message.Length; bit += 101)
            Assert.False(Verify(verifier, vector with { Message = Flip(vector.Message, bit) }), $"bit {bit} of the message");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_signature_cut_at_any_byte_or_followed_by_more_is_refused(string name)
    {
        HssVector vector = Vector(name);
        var verifier = new HssVerifier();
        for (int length = 0; length < vector.Signature.Length; length += length < 80 || length > vector.Signature.Length - 80 ? 1 : 37)
            Assert.False(Verify(verifier, vector with { Signature = vector.Signature[..length] }), $"{length} bytes");
        Assert.False(Verify(verifier, vector with { Signature = [.. vector.Signature, 0] }));
        Assert.False(Verify(verifier, vector with { PublicKey = [.. vector.PublicKey, 0] }));
        Assert.False(Verify(verifier, vector with { PublicKey = vector.PublicKey[..^1] }));
    }

    [Fact]
    public void The_tree_of_one_level_is_verified_without_HSS()
    {
        HssVector vector = HssVectors.Rfc9858Case1;
        var verifier = new LmsVerifier();
        byte[] key = vector.PublicKey[4..];

        Assert.Equal(vector.Signature.Length - 4, verifier.SignatureBytes(key, 0, key.Length));
        Assert.True(verifier.Begin(key, 0, key.Length, new MemorySource(vector.Signature), 4));
        verifier.Message.Append(vector.Message, 0, vector.Message.Length);
        Assert.True(verifier.Finish());
        Assert.False(verifier.Finish());
        Assert.False(verifier.Begin(key, 0, key.Length, new MemorySource(vector.Signature), 5));
        Assert.False(verifier.Finish());
    }

    [Fact]
    public void What_did_not_begin_does_not_end_valid()
    {
        HssVector vector = HssVectors.Rfc9858Case1;
        var verifier = new HssVerifier();
        Assert.False(verifier.Finish());
        Assert.True(verifier.Begin(vector.PublicKey, 0, vector.PublicKey.Length, new MemorySource(vector.Signature), 0, vector.Signature.Length));
        verifier.Message.Append(vector.Message, 0, vector.Message.Length);
        Assert.False(verifier.Begin(vector.PublicKey, 0, 3, new MemorySource(vector.Signature), 0, vector.Signature.Length));
        Assert.False(verifier.Finish());
    }

    [Fact]
    public void A_signature_within_more_data_is_found_at_its_offset()
    {
        HssVector vector = HssVectors.Rfc8554Case2;
        var verifier = new HssVerifier();
        var source = new MemorySource([1, 2, 3, .. vector.Signature, 4, 5]);

        Assert.True(verifier.Begin([9, .. vector.PublicKey], 1, vector.PublicKey.Length, source, 3, vector.Signature.Length));
        verifier.Message.Append(vector.Message, 0, vector.Message.Length);
        Assert.True(verifier.Finish());
        Assert.False(verifier.Begin(vector.PublicKey, 0, vector.PublicKey.Length, source, int.MaxValue, vector.Signature.Length));
        Assert.False(verifier.Begin(vector.PublicKey, 0, vector.PublicKey.Length, source, 3, int.MaxValue));
        Assert.False(verifier.Begin(vector.PublicKey, 0, vector.PublicKey.Length, source, -1, vector.Signature.Length));
    }

    [Fact]
    public void A_source_that_fails_at_any_read_makes_the_signature_invalid()
    {
        HssVector vector = HssVectors.Rfc8554Case2;
        var verifier = new HssVerifier();
        var whole = new FailingSource(vector.Signature, int.MaxValue);
        Assert.True(Verify(verifier, vector, 64, whole));
        for (int reads = 0; reads < whole.Reads; reads++)
            Assert.False(Verify(verifier, vector, 64, new FailingSource(vector.Signature, reads)), $"read {reads}");
    }

    [Fact]
    public void Random_keys_and_signatures_are_refused()
    {
        var verifier = new HssVerifier();
        Gen<(int Levels, int Tree, int OneTime, int Seed)> header = from levels in Gen.Choose(0, 10) from tree in Gen.Choose(3, 16) from oneTime in Gen.Choose(0, 10) from seed in Gen.Choose(0, int.MaxValue) select (levels, tree, oneTime, seed);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(header.ToArbitrary(), each =>
        {
            var random = new Random(each.Seed);
            byte[] key = new byte[random.Next(70)];
            byte[] signature = new byte[random.Next(9_000)];
            random.NextBytes(key);
            random.NextBytes(signature);
            Put(key, 0, each.Levels);
            Put(key, 4, each.Tree);
            Put(key, 8, each.OneTime);
            Put(signature, 0, each.Levels - 1);
            Put(signature, 4, random.Next(40));
            Put(signature, 8, each.OneTime);
            return !Verify(verifier, new HssVector("", key, [1], signature));
        }));
    }

    private static HssVector Vector(string name) => HssVectors.All.Single(vector => vector.Name == name);

    private static bool Verify(HssVerifier verifier, HssVector vector, int piece = int.MaxValue, ByteSource? source = null)
    {
        bool begins = verifier.Begin(vector.PublicKey, 0, vector.PublicKey.Length, source ?? new MemorySource(vector.Signature), 0, vector.Signature.Length);
        for (int i = 0; begins && i < vector.Message.Length; i += Math.Min(piece, vector.Message.Length))
            verifier.Message.Append(vector.Message, i, Math.Min(piece, vector.Message.Length - i));
        return verifier.Finish();
    }

    private static byte[] Flip(byte[] bytes, int bit)
    {
        byte[] flipped = [.. bytes];
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }

    private static void Put(byte[] bytes, int offset, int value)
    {
        for (int i = 0; i < 4 && offset + i < bytes.Length; i++)
            bytes[offset + i] = (byte)(value >> (24 - (8 * i)));
    }

    private sealed class FailingSource(byte[] bytes, int readsUntilFailure) : ByteSource
    {
        public int Reads { get; private set; }

        public override int Length => bytes.Length;

        public override bool Read(int offset, byte[] buffer, int index, int count)
        {
            if (Reads == readsUntilFailure)
                return false;
            Reads++;
            Array.Copy(bytes, offset, buffer, index, count);
            return true;
        }
    }
}
