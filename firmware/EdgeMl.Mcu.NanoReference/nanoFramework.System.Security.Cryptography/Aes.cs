namespace System.Security.Cryptography;

public class Aes
{
    public Aes(CipherMode mode) => throw null;
    public CipherMode Mode { get => throw null; set => throw null; }
    public byte[] Key { get => throw null; set => throw null; }
    public byte[] IV { get => throw null; set => throw null; }
    public void GenerateIV() => throw null;
    public byte[] Encrypt(byte[] data) => throw null;
    public byte[] Decrypt(byte[] data) => throw null;
}
