using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>The taps of a window that fall on the input, not on padding, for one output position. Row-major.</summary>
internal ref struct WindowTaps
{
    private readonly Window _window;
    private readonly int _originY;
    private readonly int _originX;
    private readonly int _height;
    private readonly int _width;
    private int _tap = -1;
    private int _ky;
    private int _kx = -1;

    public WindowTaps(Window window, int outputY, int outputX, int inputHeight, int inputWidth)
    {
        _window = window;
        _originY = outputY * window.StrideHeight - window.PadTop;
        _originX = outputX * window.StrideWidth - window.PadLeft;
        _height = inputHeight;
        _width = inputWidth;
    }

    /// <summary>Index of the tap in the kernel, and the input position under it.</summary>
    public readonly (int Tap, int Y, int X) Current =>
        (_tap, _originY + _ky * _window.DilationHeight, _originX + _kx * _window.DilationWidth);

    public readonly WindowTaps GetEnumerator() => this;

    public bool MoveNext()
    {
        while (true)
        {
            _tap++;
            if (++_kx == _window.KernelWidth)
            {
                _kx = 0;
                _ky++;
            }
            if (_ky >= _window.KernelHeight)
                return false;
            (_, int y, int x) = Current;
            if ((uint)y < (uint)_height && (uint)x < (uint)_width)
                return true;
        }
    }
}
