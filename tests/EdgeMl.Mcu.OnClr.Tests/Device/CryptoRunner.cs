using System;
using System.Diagnostics;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Crypto;

namespace EdgeMl.Mcu.OnClr;

/// <summary>
/// Runs the agent's cryptography and CBOR and prints what comes out. <c>Payload</c> holds data with a CBOR item, and then signatures with the key and the message
/// that they are for.
/// </summary>
public static class CryptoRunner
{
    private static readonly HssVerifier Verifier = new HssVerifier();
    private static readonly byte[] Digest = new byte[Sha256.DigestBytes];

    // An array of its own for what is verified: the payload gives a new copy each time.
    private static byte[] _keyAndMessage;
    private static MemorySource _signature;
    private static bool _valid;

    /// <summary>Entry point of the program.</summary>
    public static void Main()
    {
        byte[] data = Payload.File(0);
        Hashes(data);
        Codes(data);
        Ciphers(data);
        Transcode(Payload.Samples(0));
        Debug.WriteLine("mark");
        Debug.WriteLine("mark");
        for (int i = 1; i < Payload.Count; i++)
        {
            Open(i);
            Debug.WriteLine("mark");
            _valid = Verify();
            Debug.WriteLine("mark");
            Debug.WriteLine("signature " + (_valid ? "valid" : "refused"));
        }
        Debug.WriteLine("end");
    }

    /// <summary>Takes a signature. Its key's length is the first byte of the file; the key and the message follow.</summary>
    public static void Open(int index)
    {
        _keyAndMessage = Payload.File(index);
        _signature = new MemorySource(Payload.Samples(index));
    }

    /// <summary>Verifies the signature that was taken.</summary>
    public static bool Verify()
    {
        int keyBytes = _keyAndMessage[0];
        if (!Verifier.Begin(_keyAndMessage, 1, keyBytes, _signature, 0, _signature.Length))
            return false;
        Verifier.Message.Append(_keyAndMessage, 1 + keyBytes, _keyAndMessage.Length - 1 - keyBytes);
        return Verifier.Finish();
    }

    private static void Hashes(byte[] data)
    {
        var hash = new Sha256();
        for (int length = 0; length <= data.Length; length += 7)
        {
            hash.Append(data, 0, length / 3);
            hash.Append(data, length / 3, length - (length / 3));
            hash.Finish(Digest, 0);
            Print("hash", Digest, Digest.Length);
        }
    }

    private static void Codes(byte[] data)
    {
        var hmac = new HmacSha256();
        for (int length = 0; length <= data.Length; length += 33)
        {
            hmac.SetKey(data, 0, length);
            hmac.Append(data, length, data.Length - length);
            hmac.Finish(Digest, 0, Digest.Length);
            Print("code", Digest, Digest.Length);
        }
    }

    /// <summary>The data's first 16 bytes are the key, the next 12 the nonce.</summary>
    private static void Ciphers(byte[] data)
    {
        var cipher = new Aes128();
        cipher.SetKey(data, 0);
        var wrap = new AesKeyWrap(cipher);
        byte[] wrapped = new byte[AesKeyWrap.WrappedBytes];
        byte[] key = new byte[Aes128.KeyBytes];
        wrap.Wrap(data, 28, wrapped, 0);
        Print("wrapped", wrapped, wrapped.Length);
        Debug.WriteLine(wrap.Unwrap(wrapped, 0, key, 0) ? "unwrapped" : "refused");
        Print("key", key, key.Length);
        wrapped[5] ^= 1;
        Debug.WriteLine(wrap.Unwrap(wrapped, 0, key, 0) ? "unwrapped" : "refused");

        var mode = new AesCtr(cipher);
        mode.SetNonce(data, 16);
        byte[] text = new byte[data.Length];
        Array.Copy(data, 0, text, 0, data.Length);
        for (int i = 0; i < text.Length; i += 37)
            mode.Apply(text, i, text.Length - i < 37 ? text.Length - i : 37, i);
        Print("text", text, text.Length);
    }

    /// <summary>Reads an item and writes it again, strings and all.</summary>
    private static void Transcode(byte[] item)
    {
        var reader = new CborReader();
        var writer = new CborWriter();
        byte[] copy = new byte[item.Length];
        reader.Reset(item, 0, item.Length);
        writer.Reset(copy, 0, copy.Length);
        Transcode(reader, writer, item);
        Debug.WriteLine(reader.Finish() && !writer.Failed ? "whole" : "failed");
        Print("item", copy, writer.Length);
        reader.Reset(item, 0, item.Length);
        reader.Skip();
        Debug.WriteLine(reader.Finish() ? "skipped" : "failed");
        for (int length = 0; length < item.Length; length++)
        {
            reader.Reset(item, 0, length);
            reader.Skip();
            if (reader.Finish())
                Debug.WriteLine("accepted " + length.ToString());
        }
    }

    private static void Transcode(CborReader reader, CborWriter writer, byte[] item)
    {
        int items = 0;
        switch (reader.Peek())
        {
            case CborType.Unsigned:
            case CborType.Negative:
                writer.WriteInteger(reader.ReadInteger());
                break;
            case CborType.Bytes:
                int count = reader.ReadBytes();
                writer.WriteBytes(item, reader.DataOffset, count);
                break;
            case CborType.Text:
                writer.WriteText(reader.ReadText(1000));
                break;
            case CborType.Array:
                items = reader.ReadArray();
                writer.WriteArray(items);
                break;
            case CborType.Map:
                items = reader.ReadMap();
                writer.WriteMap(items);
                items *= 2;
                break;
            case CborType.Tag:
                writer.WriteTag(reader.ReadTag());
                items = 1;
                break;
            case CborType.Bool:
                writer.WriteBool(reader.ReadBool());
                break;
            case CborType.Null:
                reader.TryReadNull();
                writer.WriteNull();
                break;
            default:
                reader.Fail();
                break;
        }
        while (items-- > 0 && !reader.Failed)
            Transcode(reader, writer, item);
    }

    private static void Print(string name, byte[] bytes, int count)
    {
        const string Digits = "0123456789abcdef";
        var text = new char[2 * count];
        for (int i = 0; i < count; i++)
        {
            text[2 * i] = Digits[bytes[i] >> 4];
            text[(2 * i) + 1] = Digits[bytes[i] & 15];
        }
        Debug.WriteLine(name + " " + new string(text));
    }
}
