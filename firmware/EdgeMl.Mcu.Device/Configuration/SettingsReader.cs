using EdgeMl.Mcu.Agent.Cbor;

namespace EdgeMl.Mcu.Device.Configuration;

/// <summary>Reads one map within a configuration file; derived classes know its keys.</summary>
internal abstract class SettingsReader
{
    private bool _isInRange = true;

    /// <summary>Reads the map; the CBOR reader fails where it is malformed.</summary>
    /// <returns>Whether the values are in their ranges.</returns>
    internal bool Read(CborReader reader)
    {
        int pairs = reader.ReadMap();
        int key = -1;
        for (int i = 0; i < pairs && !reader.Failed; i++)
        {
            key = reader.ReadKey(key);
            if (!ReadValue(reader, key))
                reader.Skip();
        }
        return _isInRange && !reader.Failed && AreValid();
    }

    /// <summary>Reads an integer; for one out of its range the range's lower end is taken.</summary>
    internal static int Integer(CborReader reader, int least, int most, ref bool isInRange)
    {
        long value = reader.ReadInteger();
        if (value >= least && value <= most)
            return (int)value;
        isInRange = false;
        return least;
    }

    /// <summary>Reads the value of a key.</summary>
    /// <returns>False where the key is unknown and nothing was read.</returns>
    protected abstract bool ReadValue(CborReader reader, int key);

    /// <summary>Whether values that are each in their range go together.</summary>
    protected abstract bool AreValid();

    /// <summary>Reads an integer, and notes one that is out of its range.</summary>
    protected int Integer(CborReader reader, int least, int most)
    {
        return Integer(reader, least, most, ref _isInRange);
    }

    /// <summary>Notes a value that is out of its range.</summary>
    protected void Refuse()
    {
        _isInRange = false;
    }
}
