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
        if (columns == 1)
        {
            columns = rows;
            columnStep = rowStep;
            rows = 1;
        }
        if (columns == 3 && rows <= 3)
            PoolThree(arena, x, y, channels, rows, rowStep, columnStep, low, high);
        else
            PoolAny(arena, x, y, channels, rows, rowStep, columns, columnStep, low, high);
    }

    /// <summary>Windows of one to three rows of three taps.</summary>
    private static void PoolThree(sbyte[] arena, int x, int y, int channels, int rows, int rowStep, int columnStep, int low, int high)
    {
        int second = columnStep + columnStep;
        y -= x;
        for (int end = x + channels; x < end; x++)
        {
            int tap = x;
            int greatest = arena[tap];
            if (arena[tap + columnStep] > greatest)
                greatest = arena[tap + columnStep];
            if (arena[tap + second] > greatest)
                greatest = arena[tap + second];
            if (rows > 1)
            {
                tap += rowStep;
                if (arena[tap] > greatest)
                    greatest = arena[tap];
                if (arena[tap + columnStep] > greatest)
                    greatest = arena[tap + columnStep];
                if (arena[tap + second] > greatest)
                    greatest = arena[tap + second];
                if (rows > 2)
                {
                    tap += rowStep;
                    if (arena[tap] > greatest)
                        greatest = arena[tap];
                    if (arena[tap + columnStep] > greatest)
                        greatest = arena[tap + columnStep];
                    if (arena[tap + second] > greatest)
                        greatest = arena[tap + second];
                }
            }
            arena[x + y] = (sbyte)greatest;
        }
        if (low == -128 && high == 127)
            return;
        y += x - channels;
        for (int end = y + channels; y < end; y++)
        {
            if (arena[y] < low)
                arena[y] = (sbyte)low;
            if (arena[y] > high)
                arena[y] = (sbyte)high;
        }
    }

    private static void PoolAny(sbyte[] arena, int x, int y, int channels, int rows, int rowStep, int columns, int columnStep, int low, int high)
    {
        for (int end = y + channels; y < end; y++)
        {
            int greatest = low;
            int row = x++;
            for (int ky = rows; ky > 0; ky--)
            {
                int tap = row;
                for (int kx = columns; kx > 0; kx--)
                {
                    if (arena[tap] > greatest)
                        greatest = arena[tap];
                    tap += columnStep;
                }
                row += rowStep;
            }
            if (greatest > high)
                greatest = high;
            arena[y] = (sbyte)greatest;
        }
    }
}
