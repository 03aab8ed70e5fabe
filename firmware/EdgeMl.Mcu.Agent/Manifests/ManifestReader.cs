using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Agent.Manifests;

/// <summary>
/// Reads the payload of a manifest. Every field is checked against its range. Keys that are not known are ignored above
/// <see cref="ManifestFormat.CriticalKeyMax"/> and refused below.
/// </summary>
public sealed class ManifestReader
{
    private const int RequiredKeys = 12;
    private const int Expires = 12;
    private const int Encryption = 13;
    private const int Labels = 14;
    private const int AbiMax = 0xFFFF;

    private readonly CborReader _reader;
    private byte[] _data;
    private AgentError _error;

    /// <summary>Creates a reader.</summary>
    public ManifestReader()
        : this(new CborReader())
    {
    }

    /// <summary>Creates a reader with one that others use too between calls.</summary>
    internal ManifestReader(CborReader reader)
    {
        _reader = reader;
    }

    /// <summary>Reads a payload.</summary>
    /// <param name="data">Holds it.</param>
    /// <param name="offset">Where it begins.</param>
    /// <param name="count">Its length; it lies within <paramref name="data"/>.</param>
    /// <param name="manifest">The manifest, null unless the result is <see cref="AgentError.None"/>. Nothing of <paramref name="data"/> is kept.</param>
    /// <returns>
    /// <see cref="AgentError.ManifestFormat"/>, <see cref="AgentError.ManifestVersion"/>, <see cref="AgentError.ManifestField"/>,
    /// <see cref="AgentError.Encryption"/> or <see cref="AgentError.None"/>.
    /// </returns>
    public AgentError Read(byte[] data, int offset, int count, out Manifest manifest)
    {
        manifest = null;
        _data = data;
        _error = AgentError.None;
        _reader.Reset(data, offset, count);
        var candidate = new Manifest();
        int pairs = _reader.ReadMap();
        int key = -1;
        int found = 0;
        for (int i = 0; i < pairs && !_reader.Failed && _error == AgentError.None; i++)
        {
            key = _reader.ReadKey(key);
            if (key < RequiredKeys)
                found |= 1 << key;
            ReadField(key, candidate);
        }
        if (_error != AgentError.None)
            return _error;
        if (!_reader.Finish() || found != (1 << RequiredKeys) - 1)
            return AgentError.ManifestFormat;
        manifest = candidate;
        return AgentError.None;
    }

    private void ReadField(int key, Manifest manifest)
    {
        switch (key)
        {
            case 0:
                if (_reader.ReadInteger() != ManifestFormat.ManifestVersion && !_reader.Failed)
                    _error = AgentError.ManifestVersion;
                break;
            case 1:
                manifest.Name = ReadName(ManifestFormat.NameLengthMax);
                break;
            case 2:
                manifest.Version = ReadName(ManifestFormat.VersionLengthMax);
                break;
            case 3:
                manifest.Epoch = _reader.ReadInteger(0, int.MaxValue);
                break;
            case 4:
                manifest.RuntimeAbi = _reader.ReadInteger(0, AbiMax);
                break;
            case 5:
                manifest.RamBytes = _reader.ReadInteger(0, int.MaxValue);
                break;
            case 6:
                manifest.Inputs = ReadTensors();
                break;
            case 7:
                manifest.Outputs = ReadTensors();
                break;
            case 8:
                manifest.ModelId = ReadFixed(32);
                break;
            case 9:
                manifest.Length = _reader.ReadInteger(1, ModelFormat.MaxBytes);
                break;
            case 10:
                manifest.ChunkSize = _reader.ReadInteger(ManifestFormat.ChunkBytesMin, ManifestFormat.ChunkBytesMax);
                if (!ManifestFormat.IsChunkSize(manifest.ChunkSize))
                    _reader.Fail();
                break;
            case 11:
                manifest.ChunkRoot = ReadFixed(32);
                break;
            default:
                ReadOptional(key, manifest);
                break;
        }
    }

    private void ReadOptional(int key, Manifest manifest)
    {
        if (key == Expires)
        {
            manifest.Expires = _reader.ReadInteger();
            if (manifest.Expires < 1)
                _reader.Fail();
        }
        else if (key == Encryption)
        {
            ReadEncryption(manifest);
        }
        else if (key == Labels)
        {
            ReadLabels();
        }
        else if (key > ManifestFormat.CriticalKeyMax)
        {
            _reader.Skip();
        }
        else
        {
            _error = AgentError.ManifestField;
        }
    }

    private string ReadName(int lengthMax)
    {
        string text = _reader.ReadText(lengthMax);
        if (!ManifestFormat.IsName(text, lengthMax))
            _reader.Fail();
        return text;
    }

    private byte[] ReadFixed(int length)
    {
        byte[] bytes = new byte[length];
        _reader.ReadBytes(bytes, 0, length);
        return bytes;
    }

    private ManifestTensor[] ReadTensors()
    {
        int count = _reader.ReadArray();
        if (count < 1 || count > ModelFormat.MaxPorts)
        {
            _reader.Fail();
            return null;
        }
        ManifestTensor[] tensors = new ManifestTensor[count];
        for (int i = 0; i < count && !_reader.Failed; i++)
        {
            if (_reader.ReadArray() != 2)
                _reader.Fail();
            var type = (TensorType)_reader.ReadInteger(0, (int)TensorType.Float32);
            int rank = _reader.ReadArray();
            if (rank > ModelFormat.MaxRank)
                _reader.Fail();
            int[] dimensions = new int[_reader.Failed ? 0 : rank];
            for (int axis = 0; axis < dimensions.Length; axis++)
                dimensions[axis] = _reader.ReadInteger(1, ModelFormat.MaxBytes);
            tensors[i] = new ManifestTensor(type, dimensions);
        }
        return tensors;
    }

    private void ReadEncryption(Manifest manifest)
    {
        if (_reader.ReadMap() != 3 || _reader.ReadKey(-1) != 0)
            _reader.Fail();
        long method = _reader.ReadInteger();
        if (!_reader.Failed && method != ManifestFormat.AesCtr)
        {
            _error = AgentError.Encryption;
            return;
        }
        if (_reader.ReadKey(0) != 1)
            _reader.Fail();
        manifest.EncryptionNonce = ReadFixed(ManifestFormat.EncryptionNonceBytes);
        if (_reader.ReadKey(1) != 2)
            _reader.Fail();
        manifest.EncryptionKeyId = ReadFixed(ManifestFormat.KeyIdBytes);
    }

    private void ReadLabels()
    {
        int count = _reader.ReadMap();
        int previous = 0;
        int previousLength = -1;
        for (int i = 0; i < count && !_reader.Failed; i++)
        {
            int length = _reader.ReadText();
            int at = _reader.DataOffset;
            if (!IsAfter(previous, previousLength, at, length))
                _reader.Fail();
            previous = at;
            previousLength = length;
            _reader.ReadText();
        }
    }

    /// <summary>Whether a text's encoding sorts after another's: the shorter one first, then byte by byte.</summary>
    private bool IsAfter(int previous, int previousLength, int at, int length)
    {
        if (length != previousLength)
            return length > previousLength;
        for (int i = 0; i < length; i++)
        {
            if (_data[at + i] != _data[previous + i])
                return _data[at + i] > _data[previous + i];
        }
        return false;
    }
}
