using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Results;

namespace EdgeMl.Mcu.Agent.Messages;

/// <summary>What the relay wants the device to run: the body of <c>desired</c>. Takes its memory at construction.</summary>
public sealed class DesiredOrder
{
    /// <summary>Bytes of a wrapped model key.</summary>
    public const int WrappedKeyBytes = 24;

    private readonly byte[] _challenge;

    /// <summary>Creates an order that orders nothing.</summary>
    /// <param name="hashBytes">Room for chunk hashes.</param>
    /// <param name="challenge">Takes the relay's challenge.</param>
    /// <param name="policy">Takes the result policy where an order has one.</param>
    public DesiredOrder(int hashBytes, byte[] challenge, ResultPolicy policy)
    {
        Hashes = new byte[hashBytes];
        Manifest = new BlobReference(Hashes);
        Delta = new BlobReference(Hashes);
        Policy = policy;
        _challenge = challenge;
        Clear();
    }

    /// <summary>The chunk hashes of both blobs.</summary>
    public byte[] Hashes { get; }

    /// <summary>The manifest to run.</summary>
    public BlobReference Manifest { get; }

    /// <summary>The delta that gives its model.</summary>
    public BlobReference Delta { get; }

    /// <summary>Id of the manifest whose model is the delta's base.</summary>
    public byte[] DeltaBase { get; } = new byte[BlobReference.IdBytes];

    /// <summary>The result policy, as far as orders have set it.</summary>
    public ResultPolicy Policy { get; }

    /// <summary>The relay's time in seconds since 1970.</summary>
    public long Time { get; private set; }

    /// <summary>Number of the order, growing for each device; 0 for no order.</summary>
    public int Attempt { get; private set; }

    /// <summary>Whether there is a manifest to run.</summary>
    public bool IsOrder => Attempt > 0 && Manifest.IsNamed;

    /// <summary>Whether the order brings a model key.</summary>
    public bool HasWrappedKey { get; private set; }

    /// <summary>The model key under AES-KW.</summary>
    public byte[] WrappedKey { get; } = new byte[WrappedKeyBytes];

    /// <summary>Whether only a model that the device still has is wanted.</summary>
    public bool IsRollback { get; private set; }

    /// <summary>Bytes of the key rotation in the message that was read last; 0 where it has none.</summary>
    public int RotationLength { get; private set; }

    /// <summary>Where the rotation begins in that message.</summary>
    public int RotationOffset { get; private set; }

    /// <summary>Orders nothing.</summary>
    public void Clear()
    {
        Manifest.Clear();
        Delta.Clear();
        Attempt = 0;
        HasWrappedKey = false;
        IsRollback = false;
        RotationLength = 0;
    }

    /// <summary>Reads what follows nonce and sequence number in the body.</summary>
    /// <param name="reader">Behind them, in the body's map.</param>
    /// <param name="source">The bytes that the reader reads.</param>
    /// <param name="pairs">Pairs that are left in the map.</param>
    /// <returns>Whether it was an order; it orders nothing otherwise.</returns>
    public bool Read(CborReader reader, byte[] source, int pairs)
    {
        Clear();
        int key = 1;
        int found = 0;
        for (int i = 0; i < pairs && !reader.Failed; i++)
        {
            key = reader.ReadKey(key);
            found |= key < 6 ? 1 << key : 0;
            ReadField(key, reader, source);
        }
        reader.Finish();
        if (found != (1 << 2 | 1 << 3 | 1 << 4 | 1 << 5))
            reader.Fail();
        if (reader.Failed)
            Clear();
        return !reader.Failed;
    }

    private void ReadField(int key, CborReader reader, byte[] source)
    {
        switch (key)
        {
            case 2:
                reader.ReadBytes(_challenge, 0, _challenge.Length);
                break;
            case 3:
                Time = reader.ReadInteger();
                break;
            case 4:
                Attempt = reader.ReadInteger(0, int.MaxValue);
                break;
            case 5:
                if (!reader.TryReadNull())
                    Manifest.Read(reader, source, 0);
                break;
            case 6:
                ReadDelta(reader, source);
                break;
            case 7:
                HasWrappedKey = reader.ReadBytes(WrappedKey, 0, WrappedKeyBytes);
                break;
            case 8:
                RotationLength = reader.ReadBytes();
                RotationOffset = reader.DataOffset;
                break;
            case 9:
                IsRollback = reader.ReadBool();
                break;
            case 10:
                Policy.Read(reader);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private void ReadDelta(CborReader reader, byte[] source)
    {
        if (reader.ReadMap() != 2 || reader.ReadKey(-1) != 0)
            reader.Fail();
        reader.ReadBytes(DeltaBase, 0, DeltaBase.Length);
        if (reader.ReadKey(0) != 1)
            reader.Fail();
        Delta.Read(reader, source, Manifest.HashesEnd);
    }
}
