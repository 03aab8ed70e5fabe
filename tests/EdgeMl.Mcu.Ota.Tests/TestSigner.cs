using System.Security.Cryptography;
using System.Text;
using EdgeMl.Mcu.Ota.Lms;

namespace EdgeMl.Mcu.Ota.Tests;

/// <summary>A publisher whose key and randomizers are derived from a name, so that its signatures are the same in every run.</summary>
internal sealed class TestSigner
{
    private readonly string _name;

    private TestSigner(string name)
    {
        _name = name;
        Key = LmsPrivateKey.Derive(LmsParameters.Product, Bytes(name + " identifier", 16), Bytes(name + " seed", 24));
        PublicKey = Key.HssPublicKey();
    }

    /// <summary>The publisher that test devices trust.</summary>
    public static TestSigner Publisher => Cache.Publisher;

    /// <summary>The publisher's next key.</summary>
    public static TestSigner Next => Cache.Next;

    /// <summary>Somebody else.</summary>
    public static TestSigner Stranger => Cache.Stranger;

    public LmsPrivateKey Key { get; }

    public byte[] PublicKey { get; }

    /// <summary>Gives signatures with a leaf.</summary>
    public Func<byte[], byte[]> With(int leaf) => message => Key.HssSign(leaf, message, Bytes($"{_name} randomizer {leaf}", 24));

    /// <summary>The first bytes of the SHA-256 of a text.</summary>
    public static byte[] Bytes(string text, int count) => SHA256.HashData(Encoding.UTF8.GetBytes(text))[..count];

    private static class Cache
    {
        public static readonly TestSigner Publisher = new("publisher");
        public static readonly TestSigner Next = new("publisher, second key");
        public static readonly TestSigner Stranger = new("stranger");
    }
}
