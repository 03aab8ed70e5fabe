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
        if (rows == 3 && columns == 3)
        {
            PoolNine(arena, x, y, channels, rowStep, columnStep, low, high);
            return;
        }
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

    /// <summary>The greatest of three rows of three taps.</summary>
    private static void PoolNine(sbyte[] arena, int x, int y, int channels, int rowStep, int columnStep, int low, int high)
    {
        int x1 = columnStep;
        int x2 = x1 + columnStep;
        int x3 = rowStep;
        int x4 = x3 + columnStep;
        int x5 = x4 + columnStep;
        int x6 = x3 + rowStep;
        int x7 = x6 + columnStep;
        int x8 = x7 + columnStep;
        int end = y + channels;
        while (y != end)
        {
            int greatest = arena[x];
            if (arena[x + x1] > greatest)
                greatest = arena[x + x1];
            if (arena[x + x2] > greatest)
                greatest = arena[x + x2];
            if (arena[x + x3] > greatest)
                greatest = arena[x + x3];
            if (arena[x + x4] > greatest)
                greatest = arena[x + x4];
            if (arena[x + x5] > greatest)
                greatest = arena[x + x5];
            if (arena[x + x6] > greatest)
                greatest = arena[x + x6];
            if (arena[x + x7] > greatest)
                greatest = arena[x + x7];
            if (arena[x + x8] > greatest)
                greatest = arena[x + x8];
            if (greatest < low)
                greatest = low;
            if (greatest > high)
                greatest = high;
            arena[y++] = (sbyte)greatest;
            x++;
        }
    }
}
