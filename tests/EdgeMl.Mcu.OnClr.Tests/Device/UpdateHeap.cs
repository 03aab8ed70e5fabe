using nanoFramework.Runtime.Native;

namespace EdgeMl.Mcu.OnClr;

/// <summary>Live bytes of the managed heap, measured over a baseline by a full collection each time.</summary>
public static class UpdateHeap
{
    private static uint _baseline;
    private static uint _least;

    /// <summary>Most bytes that were live at a <see cref="Sample"/> since <see cref="Restart"/>.</summary>
    public static uint Peak => _baseline - _least;

    /// <summary>Takes what is live now as the baseline.</summary>
    public static void SetBaseline()
    {
        _baseline = GC.Run(true);
        _least = _baseline;
    }

    /// <summary>Forgets the peak.</summary>
    public static void Restart()
    {
        _least = _baseline;
    }

    /// <summary>Measures.</summary>
    /// <returns>Bytes that are live now, over the baseline.</returns>
    public static uint Sample()
    {
        uint free = GC.Run(true);
        if (free < _least)
            _least = free;
        return _baseline - free;
    }
}
