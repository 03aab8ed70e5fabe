using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Testing;

/// <summary>A model file outside the device's RAM, which can be made to fail.</summary>
public sealed class ArraySource(byte[] file) : ByteSource
{
    /// <summary>Number of reads that have succeeded.</summary>
    public int Reads { get; private set; }

    /// <summary>Number of reads that succeed; all later ones fail.</summary>
    public int ReadsMax { get; set; } = int.MaxValue;

    /// <inheritdoc/>
    public override int Length => file.Length;

    /// <inheritdoc/>
    public override bool Read(int offset, byte[] buffer, int index, int count)
    {
        if (Reads >= ReadsMax)
            return false;
        Reads++;
        Array.Copy(file, offset, buffer, index, count);
        return true;
    }
}
