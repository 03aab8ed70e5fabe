namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>
/// int8 average pool, NHWC: the mean over the taps inside the input, half away from zero. Input and output have one scale and zero point.
/// A window without a tap inside the input gives the least output.
/// </summary>
public sealed class AveragePool2D : PoolKernel
{
    /// <inheritdoc/>
    protected override void Pool(sbyte[] arena, int x, int y, int channels, int rows, int rowStep, int columns, int columnStep, int low, int high)
    {
        int taps = rows * columns;
        int half = taps >> 1;
        int end = y + channels;
        if (rowStep == columns * columnStep)
        {
            columns = taps;
            rows = 1;
        }
        while (y < end)
        {
            int sum = 0;
            int row = x++;
            for (int ky = 0; ky < rows; ky++)
            {
                sum += StridedSum.Of(arena, row, columnStep, columns);
                row += rowStep;
            }
            sum = sum > 0 ? (sum + half) / taps : (sum - half) / taps;
            if (sum < low)
                sum = low;
            if (sum > high)
                sum = high;
            arena[y++] = (sbyte)sum;
        }
    }
}
