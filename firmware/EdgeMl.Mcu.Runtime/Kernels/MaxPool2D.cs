using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>int8 maximum pool, NHWC: the greatest tap inside the input. Input and output have one scale and zero point.</summary>
/// <remarks>No weights. A window without a tap inside the input gives the least output.</remarks>
public sealed class MaxPool2D : Kernel
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
                    int window = image + ((originX + (firstX * dilationWidth)) * channels);
                    for (int c = 0; c < channels; c++)
                    {
                        int greatest = low;
                        for (int ky = firstY; ky < endY; ky++)
                        {
                            int x = window + c + ((originY + (ky * dilationHeight)) * inputRow);
                            for (int kx = firstX; kx < endX; kx++)
                            {
                                int value = arena[x];
                                if (value > greatest)
                                    greatest = value;
                                x += tapStep;
                            }
                        }
                        if (greatest > high)
                            greatest = high;
                        arena[y++] = (sbyte)greatest;
                    }
                    originX += strideWidth;
                }
                originY += strideHeight;
            }
            image += inputHeight * inputRow;
        }
    }
}
