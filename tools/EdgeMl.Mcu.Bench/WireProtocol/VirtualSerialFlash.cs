namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>Deployment flash of a board without hardware: erased to ones, programmed by clearing bits.</summary>
internal sealed class VirtualSerialFlash
{
    private const uint NoError = 1;
    private const uint Denied = 0x10;
    private const uint Failed = 0x30;
    private const int HeaderBytes = 124;

    private readonly byte[] _bytes;
    private readonly uint _address;
    private readonly int _sectorBytes;

    internal VirtualSerialFlash(uint address, int sectors, int sectorBytes)
    {
        _address = address;
        _sectorBytes = sectorBytes;
        _bytes = new byte[sectors * sectorBytes];
        _bytes.AsSpan().Fill(0xFF);
    }

    internal int Length => _bytes.Length;

    internal uint Erase(uint address, uint length)
    {
        if (!TryRange(address, length, out int start, out int count) || start % _sectorBytes != 0)
            return Denied;
        int end = (start + count + _sectorBytes - 1) / _sectorBytes * _sectorBytes;
        _bytes.AsSpan(start, end - start).Fill(0xFF);
        return NoError;
    }

    // What was not erased becomes the conjunction, and the check finds it.
    internal uint Write(uint address, ReadOnlySpan<byte> data, uint? wornAddress)
    {
        if (!TryRange(address, (uint)data.Length, out int start, out _))
            return Denied;
        for (int i = 0; i < data.Length; i++)
        {
            if (address + i == wornAddress)
                return Failed;
            _bytes[start + i] &= data[i];
        }
        return NoError;
    }

    /// <summary>CRC of a range, or null outside the flash. One block, mapped into memory as on an ESP32, is read from its begin whatever the address.</summary>
    internal uint? Check(uint address, uint length)
    {
        if (!TryRange(address, length, out int start, out int count))
            return null;
        return WireCrc32.Compute(_bytes.AsSpan(_sectorBytes == _bytes.Length ? 0 : start, count));
    }

    /// <summary>The assemblies in it, found as the CLR finds them: behind one that is good, else a header's length further.</summary>
    internal List<NanoAssemblyFile> Assemblies()
    {
        var found = new List<NanoAssemblyFile>();
        for (int offset = 0; offset + HeaderBytes <= _bytes.Length;)
        {
            bool isGood = NanoAssemblyFile.TryRead(_bytes.AsSpan(offset), out NanoAssemblyFile? assembly);
            offset += isGood ? assembly!.Bytes.Length : HeaderBytes;
            if (isGood)
                found.Add(assembly!);
        }
        return found;
    }

    private bool TryRange(uint address, uint length, out int start, out int count)
    {
        start = (int)((long)address - _address);
        count = (int)length;
        return address >= _address && (long)start + length <= _bytes.Length;
    }
}
