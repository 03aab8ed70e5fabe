namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>
/// Rows of 4-bit weights in two's complement, two in a byte, the first one in the low half. Each row begins at a byte; the last half byte of an odd row is not used.
/// </summary>
public static class FourBitRows
{
    /// <summary>Bytes of a row.</summary>
    public static int Bytes(int count)
    {
        return (count >> 1) + (count & 1);
    }

    /// <summary>The weight at an index of the row that begins at an offset.</summary>
    public static int At(byte[] weights, int row, int index)
    {
        int pair = weights[row + (index >> 1)];
        return (index & 1) == 0 ? (pair << 28) >> 28 : (sbyte)pair >> 4;
    }

    /// <summary>Sum of a filter's weights at the taps that lie in padding.</summary>
    public static int MissingTaps(byte[] weights, int row, int kernelHeight, int kernelWidth, int channels, int firstY, int endY, int firstX, int endX)
    {
        int sum = 0;
        int w = 0;
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
                    sum += At(weights, row, w++);
            }
        }
        return sum;
    }
}
