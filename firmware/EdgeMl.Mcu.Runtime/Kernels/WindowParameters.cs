namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>The parameters that every kernel with a window over an NHWC tensor begins with. Padding is what lies before the first row and column.</summary>
public static class WindowParameters
{
    /// <summary>Parameter: offset of the input [N,H,W,C] in the arena.</summary>
    public const int Input = 0;

    /// <summary>Parameter: offset of the output in the arena.</summary>
    public const int Output = 1;

    /// <summary>Parameter: N.</summary>
    public const int Batches = 2;

    /// <summary>Parameter: height of the input.</summary>
    public const int InputHeight = 3;

    /// <summary>Parameter: width of the input.</summary>
    public const int InputWidth = 4;

    /// <summary>Parameter: channels of the input.</summary>
    public const int InputChannels = 5;

    /// <summary>Parameter: height of the output.</summary>
    public const int OutputHeight = 6;

    /// <summary>Parameter: width of the output.</summary>
    public const int OutputWidth = 7;

    /// <summary>Parameter: channels of the output.</summary>
    public const int OutputChannels = 8;

    /// <summary>Parameter: height of the window, in taps.</summary>
    public const int KernelHeight = 9;

    /// <summary>Parameter: width of the window, in taps.</summary>
    public const int KernelWidth = 10;

    /// <summary>Parameter: rows from one window to the next.</summary>
    public const int StrideHeight = 11;

    /// <summary>Parameter: columns from one window to the next.</summary>
    public const int StrideWidth = 12;

    /// <summary>Parameter: rows from one tap to the next.</summary>
    public const int DilationHeight = 13;

    /// <summary>Parameter: columns from one tap to the next.</summary>
    public const int DilationWidth = 14;

    /// <summary>Parameter: rows of padding above the input.</summary>
    public const int PadTop = 15;

    /// <summary>Parameter: columns of padding left of the input.</summary>
    public const int PadLeft = 16;

    /// <summary>Parameter: least output.</summary>
    public const int ActivationMin = 17;

    /// <summary>Parameter: greatest output.</summary>
    public const int ActivationMax = 18;

    /// <summary>Number of parameters here; a kernel's own ones follow.</summary>
    public const int Count = 19;

    /// <summary>Bound of sizes, strides, dilations and padding: sums of products of two of them stay far below 2^31.</summary>
    public const int MaxExtent = 1 << 15;

    /// <summary>Checks the parameters. Any combination that passes can be run: taps outside the input are skipped.</summary>
    public static void Validate(LayerReader layer)
    {
        Validate(layer, 1);
        layer.ActivationRange(ActivationMin, ActivationMax);
    }

    /// <summary>Checks all parameters but the activation range, for elements of a size in bytes.</summary>
    public static void Validate(LayerReader layer, int size)
    {
        int batches = layer.Range(Batches, 1, MaxExtent);
        int inputHeight = layer.Range(InputHeight, 1, MaxExtent);
        int inputWidth = layer.Range(InputWidth, 1, MaxExtent);
        int inputChannels = layer.Range(InputChannels, 1, MaxExtent);
        int outputHeight = layer.Range(OutputHeight, 1, MaxExtent);
        int outputWidth = layer.Range(OutputWidth, 1, MaxExtent);
        int outputChannels = layer.Range(OutputChannels, 1, MaxExtent);
        layer.Range(KernelHeight, 1, MaxExtent);
        layer.Range(KernelWidth, 1, MaxExtent);
        layer.Range(StrideHeight, 1, MaxExtent);
        layer.Range(StrideWidth, 1, MaxExtent);
        layer.Range(DilationHeight, 1, MaxExtent);
        layer.Range(DilationWidth, 1, MaxExtent);
        layer.Range(PadTop, 0, MaxExtent);
        layer.Range(PadLeft, 0, MaxExtent);
        layer.Arena(Input, layer.Product(size, layer.Product(batches, inputHeight, inputWidth, inputChannels)));
        layer.Arena(Output, layer.Product(size, layer.Product(batches, outputHeight, outputWidth, outputChannels)));
    }

    /// <summary>First tap of a window that lies in the input, for a window whose first tap lies at <paramref name="origin"/>.</summary>
    public static int FirstTap(int origin, int dilation)
    {
        return origin >= 0 ? 0 : (dilation - 1 - origin) / dilation;
    }

    /// <summary>One past the last tap of a window that lies in an input of <paramref name="size"/>.</summary>
    public static int EndTap(int origin, int dilation, int taps, int size)
    {
        if (origin >= size)
            return 0;
        int end = (size - origin + dilation - 1) / dilation;
        return end < taps ? end : taps;
    }

    /// <summary>Sum of a filter's weights at the taps that lie in padding.</summary>
    public static int MissingTaps(byte[] weights, int filter, int kernelHeight, int kernelWidth, int channels, int firstY, int endY, int firstX, int endX)
    {
        int sum = 0;
        int w = filter;
        for (int ky = 0; ky < kernelHeight; ky++)
        {
            bool rowInside = ky >= firstY && ky < endY;
            for (int kx = 0; kx < kernelWidth; kx++)
            {
                if (rowInside && kx >= firstX && kx < endX)
                {
                    w += channels;
                    continue;
                }
                for (int c = 0; c < channels; c++)
                    sum += (sbyte)weights[w++];
            }
        }
        return sum;
    }
}
