using EdgeMl.Mcu.Agent.Cbor;

namespace EdgeMl.Mcu.Agent.Manifests;

/// <summary>Reads the payload of a key rotation: <c>{0: 2, 1: generation, 2: public key}</c>. Takes its memory at construction.</summary>
public sealed class RotationReader
{
    private readonly CborReader _reader;

    /// <summary>Creates a reader with one that others use too between calls.</summary>
    public RotationReader(CborReader reader)
    {
        _reader = reader;
    }

    /// <summary>Number of rotations up to this one, 1 or more.</summary>
    public int Generation { get; private set; }

    /// <summary>Where the new public key begins, <see cref="ManifestFormat.PublicKeyBytes"/> bytes.</summary>
    public int PublicKeyOffset { get; private set; }

    /// <summary>Reads a payload.</summary>
    /// <param name="data">Begins with it.</param>
    /// <param name="count">Its length.</param>
    /// <returns>Whether it is the payload of a rotation.</returns>
    public bool Read(byte[] data, int count)
    {
        _reader.Reset(data, 0, count);
        if (_reader.ReadMap() != 3 || _reader.ReadKey(-1) != 0 || _reader.ReadInteger() != ManifestFormat.RotationVersion || _reader.ReadKey(0) != 1)
            return false;
        Generation = _reader.ReadInteger(1, int.MaxValue);
        if (_reader.ReadKey(1) != 2)
            return false;
        _reader.ReadBytes(ManifestFormat.PublicKeyBytes);
        PublicKeyOffset = _reader.DataOffset;
        return _reader.Finish();
    }
}
