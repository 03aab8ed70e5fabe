namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>
/// int8 maximum pool, NHWC: the greatest tap inside the input. Input and output have one scale and zero point.
/// A window without a tap inside the input gives the least output.
/// </summary>
public sealed class MaxPool2D : PoolKernel
{
    /// <inheritdoc/>
    protected override void Pool(sbyte[] arena, int x, int y, int channels, int rows, int rowStep, int columns, int columnStep, int low, int high)
    {
        int end = y + channels;
        while (y < end)
        {
            int greatest = low;
            int row = x++;
            for (int ky = 0; ky < rows; ky++)
            {
                int tap = row;
                for (int kx = 0; kx < columns; kx++)
                {
                    int value = arena[tap];
                    if (value > greatest)
                        greatest = value;
                    tap += columnStep;
                }
                row += rowStep;
            }
            if (greatest > high)
                greatest = high;
            arena[y++] = (sbyte)greatest;
        }
    }
}
