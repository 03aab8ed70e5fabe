namespace EdgeMl.Mcu.Agent.Manifests;

/// <summary>Numbers of the manifest blob: a COSE_Sign1 item (RFC 9052, section 4.2), and after it the hash of each chunk.</summary>
public static class ManifestFormat
{
    /// <summary>Format of a manifest.</summary>
    public const int ManifestVersion = 1;

    /// <summary>Format of a key rotation.</summary>
    public const int RotationVersion = 2;

    /// <summary>CBOR tag of COSE_Sign1.</summary>
    public const int Sign1Tag = 18;

    /// <summary>COSE algorithm HSS-LMS (RFC 8778, section 2).</summary>
    public const int HssLmsAlgorithm = -46;

    /// <summary>Most bytes of the COSE_Sign1 item.</summary>
    public const int MaxItemBytes = 4096;

    /// <summary>Bytes of a signature: HSS with one level, LMS_SHA256_M24_H10, LMOTS_SHA256_N24_W4.</summary>
    public const int SignatureBytes = 1504;

    /// <summary>Bytes of a public key in the HSS encoding.</summary>
    public const int PublicKeyBytes = 52;

    /// <summary>Number of signatures that one key can make.</summary>
    public const int LeafCount = 1024;

    /// <summary>Most bytes of a payload: what is left of an item beside tag, array, headers, signature and their heads.</summary>
    public const int MaxPayloadBytes = MaxItemBytes - SignatureBytes - 14;

    /// <summary>Bytes of the hash of a chunk: the first ones of its SHA-256.</summary>
    public const int ChunkHashBytes = 16;

    /// <summary>Smallest chunk size in bytes. Sizes are powers of two.</summary>
    public const int ChunkBytesMin = 256;

    /// <summary>Largest chunk size in bytes.</summary>
    public const int ChunkBytesMax = 4096;

    /// <summary>Most characters of a model's name.</summary>
    public const int NameLengthMax = 64;

    /// <summary>Most characters of a version.</summary>
    public const int VersionLengthMax = 32;

    /// <summary>Bytes of the nonce of AES-128-CTR.</summary>
    public const int EncryptionNonceBytes = 12;

    /// <summary>Bytes of the name of a model key.</summary>
    public const int KeyIdBytes = 8;

    /// <summary>Encryption method AES-128-CTR.</summary>
    public const int AesCtr = 1;

    /// <summary>Highest key of the payload that a reader must know. It ignores higher ones.</summary>
    public const int CriticalKeyMax = 31;

    /// <summary>Whether a text is 1 to <paramref name="lengthMax"/> characters of A-Z a-z 0-9 - _ . +</summary>
    public static bool IsName(string text, int lengthMax)
    {
        if (text.Length < 1 || text.Length > lengthMax)
            return false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && c != '-' && c != '_' && c != '.' && c != '+')
                return false;
        }
        return true;
    }

    /// <summary>Whether a number of bytes may be the size of chunks.</summary>
    public static bool IsChunkSize(long bytes)
    {
        return bytes >= ChunkBytesMin && bytes <= ChunkBytesMax && (bytes & (bytes - 1)) == 0;
    }
}
