using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>int8 average pool, NHWC: the mean over the taps inside the input, half away from zero. Input and output have one scale and zero point.</summary>
/// <remarks>No weights. Every window has at least one tap inside the input, or gives the least output.</remarks>
public sealed class AveragePool2D : Kernel
{
    /// <inheritdoc/>
    public override int ParameterCount => P.Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        P.Validate(layer);
        layer.Check(layer.Int(P.InputChannels) == layer.Int(P.OutputChannels));
        layer.Weights(0);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        int inputHeight = frame.Int(P.InputHeight);
        int inputWidth = frame.Int(P.InputWidth);
        int channels = frame.Int(P.InputChannels);
        int outputHeight = frame.Int(P.OutputHeight);
        int outputWidth = frame.Int(P.OutputWidth);
        int kernelHeight = frame.Int(P.KernelHeight);
        int kernelWidth = frame.Int(P.KernelWidth);
        int strideHeight = frame.Int(P.StrideHeight);
        int strideWidth = frame.Int(P.StrideWidth);
        int dilationHeight = frame.Int(P.DilationHeight);
        int dilationWidth = frame.Int(P.DilationWidth);
        int padTop = frame.Int(P.PadTop);
        int padLeft = frame.Int(P.PadLeft);
        int low = frame.Int(P.ActivationMin);
        int high = frame.Int(P.ActivationMax);
        int inputRow = inputWidth * channels;
        int tapStep = dilationWidth * channels;
        int image = frame.Int(P.Input);
        int y = frame.Int(P.Output);
        int batches = frame.Int(P.Batches);
        for (int b = 0; b < batches; b++)
        {
            int originY = -padTop;
            for (int oy = 0; oy < outputHeight; oy++)
            {
                int firstY = P.FirstTap(originY, dilationHeight);
                int endY = P.EndTap(originY, dilationHeight, kernelHeight, inputHeight);
                int originX = -padLeft;
                for (int ox = 0; ox < outputWidth; ox++)
                {
                    int firstX = P.FirstTap(originX, dilationWidth);
                    int endX = P.EndTap(originX, dilationWidth, kernelWidth, inputWidth);
                    int width = endX - firstX;
                    int taps = width > 0 && endY > firstY ? width * (endY - firstY) : 0;
                    int half = taps >> 1;
                    int window = image + ((originX + (firstX * dilationWidth)) * channels);
                    for (int c = 0; c < channels; c++)
                    {
                        int sum = 0;
                        for (int ky = firstY; ky < endY; ky++)
                        {
                            int x = window + c + ((originY + (ky * dilationHeight)) * inputRow);
                            for (int kx = firstX; kx < endX; kx++)
                            {
                                sum += arena[x];
                                x += tapStep;
                            }
                        }
                        if (taps != 0)
                            sum = sum > 0 ? (sum + half) / taps : (sum - half) / taps;
                        if (sum < low || taps == 0)
                            sum = low;
                        if (sum > high)
                            sum = high;
                        arena[y++] = (sbyte)sum;
                    }
                    originX += strideWidth;
                }
                originY += strideHeight;
            }
            image += inputHeight * inputRow;
        }
    }
}
