using EdgeMl.Mcu.Link.Ports;

namespace EdgeMl.Mcu.Bench.Tests.Link;

/// <summary>A line that brings the bytes of an array and swallows what is sent, without allocating.</summary>
internal sealed class ArrayPort : LinkPort
{
    private byte[] _bytes = [];
    private int _place;

    public bool IsAtEnd => _place == _bytes.Length;

    public void Put(byte[] bytes) => (_bytes, _place) = (bytes, 0);

    public override int Read(byte[] buffer, int offset, int count)
    {
        int taken = Math.Min(count, _bytes.Length - _place);
        Array.Copy(_bytes, _place, buffer, offset, taken);
        _place += taken;
        return taken;
    }

    public override bool Write(byte[] buffer, int offset, int count) => true;
}
