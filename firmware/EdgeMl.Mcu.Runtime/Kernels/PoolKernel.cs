using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>What pools have in common: the walk of the window over an NHWC tensor. A derived kernel computes all channels of one position.</summary>
/// <remarks>Parameters: <see cref="WindowParameters"/>, with as many output as input channels. No weights.</remarks>
public abstract class PoolKernel : Kernel
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
        int low = frame.Int(P.ActivationMin);
        int high = frame.Int(P.ActivationMax);
        int inputRow = inputWidth * channels;
        int reach = (kernelWidth - 1) * dilationWidth;
        int image = frame.Int(P.Input);
        int y = frame.Int(P.Output);
        int batches = frame.Int(P.Batches);
        for (int b = 0; b < batches; b++)
        {
            int originY = -frame.Int(P.PadTop);
            for (int oy = 0; oy < outputHeight; oy++)
            {
                int firstY = originY >= 0 ? 0 : P.FirstTap(originY, dilationHeight);
                int rows = originY + ((kernelHeight - 1) * dilationHeight) < inputHeight ? kernelHeight - firstY : P.EndTap(originY, dilationHeight, kernelHeight, inputHeight) - firstY;
                int originX = -frame.Int(P.PadLeft);
                for (int ox = 0; ox < outputWidth; ox++)
                {
                    int firstX = originX >= 0 ? 0 : P.FirstTap(originX, dilationWidth);
                    int columns = originX + reach < inputWidth ? kernelWidth - firstX : P.EndTap(originX, dilationWidth, kernelWidth, inputWidth) - firstX;
                    int x = image + ((originY + (firstY * dilationHeight)) * inputRow) + ((originX + (firstX * dilationWidth)) * channels);
                    if (rows > 0 && columns > 0)
                        Pool(frame.Arena, x, y, channels, rows, dilationHeight * inputRow, columns, dilationWidth * channels, low, high);
                    else
                        Fill(frame.Arena, y, channels, low);
                    y += channels;
                    originX += strideWidth;
                }
                originY += strideHeight;
            }
            image += inputHeight * inputRow;
        }
    }

    /// <summary>Computes all channels of one position, whose taps begin at <paramref name="x"/> and are a step apart; there is at least one.</summary>
    protected abstract void Pool(sbyte[] arena, int x, int y, int channels, int rows, int rowStep, int columns, int columnStep, int low, int high);

    private static void Fill(sbyte[] arena, int y, int channels, int value)
    {
        for (int c = 0; c < channels; c++)
            arena[y + c] = (sbyte)value;
    }
}
