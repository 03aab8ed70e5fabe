using System;
using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Manifests;

namespace EdgeMl.Mcu.Agent.Messages;

/// <summary>A blob that an order names: id, length, chunk size, and the hashes of its chunks.</summary>
public sealed class BlobReference
{
    /// <summary>Bytes of a blob's id, a SHA-256.</summary>
    public const int IdBytes = 32;

    private readonly byte[] _hashes;

    /// <summary>Creates a reference that names nothing.</summary>
    /// <param name="hashes">Takes the hashes; several references may share the array.</param>
    public BlobReference(byte[] hashes)
    {
        _hashes = hashes;
    }

    /// <summary>SHA-256 of the blob.</summary>
    public byte[] Id { get; } = new byte[IdBytes];

    /// <summary>Whether a blob is named at all.</summary>
    public bool IsNamed { get; private set; }

    /// <summary>Bytes of the blob, 1 or more; 0 where none is named, or one whose chunks the device cannot check: without hashes, or with more than it has room for.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes of a chunk but the last.</summary>
    public int ChunkSize { get; private set; }

    /// <summary>Where the hashes begin in their array.</summary>
    public int HashesOffset { get; private set; }

    /// <summary>Where the hashes end in their array.</summary>
    public int HashesEnd => HashesOffset + (ChunkCount * ManifestFormat.ChunkHashBytes);

    /// <summary>Number of chunks.</summary>
    public int ChunkCount => Length == 0 ? 0 : ((Length - 1) / ChunkSize) + 1;

    /// <summary>Names nothing.</summary>
    public void Clear()
    {
        IsNamed = false;
        Length = 0;
        ChunkSize = 1;
    }

    /// <summary>Reads a blob of an order.</summary>
    /// <param name="reader">At the map; fails where the map is not one of a blob.</param>
    /// <param name="source">The bytes that the reader reads.</param>
    /// <param name="hashesOffset">Where hashes may go.</param>
    public void Read(CborReader reader, byte[] source, int hashesOffset)
    {
        Clear();
        int pairs = reader.ReadMap();
        int key = -1;
        int found = 0;
        int length = 0;
        int chunkSize = 1;
        int hashes = 0;
        int hashBytes = 0;
        for (int i = 0; i < pairs && !reader.Failed; i++)
        {
            key = reader.ReadKey(key);
            found |= key < 4 ? 1 << key : 0;
            if (key == 0)
            {
                reader.ReadBytes(Id, 0, IdBytes);
            }
            else if (key == 1)
            {
                length = reader.ReadInteger(1, int.MaxValue);
            }
            else if (key == 2)
            {
                chunkSize = reader.ReadInteger(ManifestFormat.ChunkBytesMin, ManifestFormat.ChunkBytesMax);
            }
            else if (key == 3)
            {
                hashBytes = reader.ReadBytes();
                hashes = reader.DataOffset;
            }
            else
            {
                reader.Skip();
            }
        }
        long neededBytes = (((length - 1) / chunkSize) + 1L) * ManifestFormat.ChunkHashBytes;
        if ((found & 7) != 7 || !ManifestFormat.IsChunkSize(chunkSize) || ((found & 8) != 0 && hashBytes != neededBytes))
            reader.Fail();
        if (reader.Failed)
            return;
        IsNamed = true;
        if ((found & 8) == 0)
        {
            // The hash of the only chunk is that of the blob.
            source = Id;
            hashes = 0;
            hashBytes = ManifestFormat.ChunkHashBytes;
        }
        if (hashBytes != neededBytes || hashesOffset > _hashes.Length - hashBytes)
            return;
        Array.Copy(source, hashes, _hashes, hashesOffset, hashBytes);
        HashesOffset = hashesOffset;
        Length = length;
        ChunkSize = chunkSize;
    }
}
