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
        if (columns == 1)
        {
            columns = rows;
            columnStep = rowStep;
            rows = 1;
        }
        int secondStep = columnStep + columnStep;
        int skipped = columns < 3 ? columns : 3;
        while (y < end)
        {
            int greatest = low;
            int row = x++;
            for (int ky = rows; ky > 0; ky--)
            {
                if (arena[row] > greatest)
                    greatest = arena[row];
                if (columns > 1 && arena[row + columnStep] > greatest)
                    greatest = arena[row + columnStep];
                if (columns > 2 && arena[row + secondStep] > greatest)
                    greatest = arena[row + secondStep];
                int tap = row + secondStep;
                for (int kx = skipped; kx < columns; kx++)
                {
                    tap += columnStep;
                    if (arena[tap] > greatest)
                        greatest = arena[tap];
                }
                row += rowStep;
            }
            if (greatest > high)
                greatest = high;
            arena[y++] = (sbyte)greatest;
        }
    }
}
