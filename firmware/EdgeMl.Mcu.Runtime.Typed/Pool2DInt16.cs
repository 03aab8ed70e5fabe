using EdgeMl.Mcu.Runtime.Arithmetic;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>
/// int16 average pool (the mean over the taps inside the input, half away from zero) or maximum pool, NHWC. Input and output have one scale and zero point 0.
/// </summary>
/// <remarks>No weights. A window without a tap inside the input gives the least output.</remarks>
public sealed class Pool2DInt16 : Kernel
{
    /// <summary>Parameter: 1 for the mean, 0 for the maximum.</summary>
    public const int Average = P.Count;

    /// <summary>Number of parameters.</summary>
    public const int Count = P.Count + 1;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        P.Validate(layer, 2);
        layer.Range(P.ActivationMax, layer.Range(P.ActivationMin, short.MinValue, short.MaxValue), short.MaxValue);
        layer.Check(layer.Int(P.InputChannels) == layer.Int(P.OutputChannels));
        layer.Range(Average, 0, 1);
        layer.Weights(0);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        int inputHeight = frame.Int(P.InputHeight);
        int inputWidth = frame.Int(P.InputWidth);
        int pixel = 2 * frame.Int(P.InputChannels);
        int outputHeight = frame.Int(P.OutputHeight);
        int outputWidth = frame.Int(P.OutputWidth);
        int kernelHeight = frame.Int(P.KernelHeight);
        int kernelWidth = frame.Int(P.KernelWidth);
        int dilationHeight = frame.Int(P.DilationHeight);
        int dilationWidth = frame.Int(P.DilationWidth);
        int row = inputWidth * pixel;
        int image = frame.Int(P.Input);
        int y = frame.Int(P.Output);
        int batches = frame.Int(P.Batches);
        for (int b = 0; b < batches; b++)
        {
            int originY = -frame.Int(P.PadTop);
            for (int oy = 0; oy < outputHeight; oy++)
            {
                int firstY = P.FirstTap(originY, dilationHeight);
                int rows = P.EndTap(originY, dilationHeight, kernelHeight, inputHeight) - firstY;
                int originX = -frame.Int(P.PadLeft);
                for (int ox = 0; ox < outputWidth; ox++)
                {
                    int firstX = P.FirstTap(originX, dilationWidth);
                    int columns = P.EndTap(originX, dilationWidth, kernelWidth, inputWidth) - firstX;
                    int x = image + ((originY + (firstY * dilationHeight)) * row) + ((originX + (firstX * dilationWidth)) * pixel);
                    Pool(frame, x, y, rows, dilationHeight * row, columns, dilationWidth * pixel);
                    y += pixel;
                    originX += frame.Int(P.StrideWidth);
                }
                originY += frame.Int(P.StrideHeight);
            }
            image += inputHeight * row;
        }
    }

    /// <summary>All channels of one position; the first tap is at <paramref name="x"/>.</summary>
    private static void Pool(Frame frame, int x, int y, int rows, int rowStep, int columns, int columnStep)
    {
        sbyte[] arena = frame.Arena;
        bool average = frame.Int(Average) != 0;
        int low = frame.Int(P.ActivationMin);
        int high = frame.Int(P.ActivationMax);
        int taps = rows > 0 && columns > 0 ? rows * columns : 0;
        int half = taps >> 1;
        int end = y + (2 * frame.Int(P.OutputChannels));
        for (; y < end; y += 2, x += 2)
        {
            int sum = 0;
            int result = low;
            for (int ky = 0; ky < rows; ky++)
            {
                for (int kx = 0; kx < columns; kx++)
                {
                    int value = Element.ReadInt16(arena, x + (ky * rowStep) + (kx * columnStep));
                    sum += value;
                    if (value > result)
                        result = value;
                }
            }
            if (average && taps != 0)
                result = sum > 0 ? (sum + half) / taps : (sum - half) / taps;
            if (result < low)
                result = low;
            if (result > high)
                result = high;
            Element.WriteInt16(arena, y, result);
        }
    }
}
