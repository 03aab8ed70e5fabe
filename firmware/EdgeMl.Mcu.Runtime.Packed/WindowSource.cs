using System;
using EdgeMl.Mcu.Runtime.Kernels;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>Copies what a tile of output positions reads into the strip, with the input's zero point in padding.</summary>
public static class WindowSource
{
    /// <summary>Copies the rows under a tile's windows: [rows, columns, IC], where neighbouring windows share their bytes.</summary>
    /// <param name="frame">A layer that begins with the parameters of <see cref="Conv2D"/>.</param>
    /// <param name="image">Arena offset of the input image.</param>
    /// <param name="top">Row of the input of the strip's first row; negative above the image.</param>
    /// <param name="left">Column of the input of the strip's first column.</param>
    /// <param name="rows">Rows of the strip.</param>
    /// <param name="columns">Columns of the strip.</param>
    public static void CopyRows(Frame frame, int image, int top, int left, int rows, int columns)
    {
        sbyte[] arena = frame.Arena;
        int inputHeight = frame.Int(P.InputHeight);
        int inputWidth = frame.Int(P.InputWidth);
        int channels = frame.Int(P.InputChannels);
        int zeroPoint = frame.Int(Conv2D.InputZeroPoint);
        int row = columns * channels;
        int first = left < 0 ? -left : 0;
        int end = inputWidth - left < columns ? inputWidth - left : columns;
        int before = first * channels;
        int length = (end - first) * channels;
        int firstRow = top < 0 ? -top : 0;
        int endRow = inputHeight - top < rows ? inputHeight - top : rows;
        if (length <= 0 || endRow <= firstRow)
            firstRow = endRow = rows;
        int strip = frame.Strip;
        Fill(arena, strip, firstRow * row, zeroPoint);
        if (firstRow == rows)
            return;
        Fill(arena, strip + (endRow * row), (rows - endRow) * row, zeroPoint);
        int source = image + ((((top + firstRow) * inputWidth) + left + first) * channels);
        strip += firstRow * row;
        if (length == inputWidth * channels && length == row)
        {
            Array.Copy(arena, source, arena, strip, (endRow - firstRow) * row);
            return;
        }
        int after = row - before - length;
        for (int y = firstRow; y < endRow; y++)
        {
            Fill(arena, strip, before, zeroPoint);
            Array.Copy(arena, source, arena, strip + before, length);
            Fill(arena, strip + before + length, after, zeroPoint);
            strip += row;
            source += inputWidth * channels;
        }
    }

    /// <summary>
    /// Copies the window of every position of a tile for one group of channels: [KH, KW, IC / groups] after one such window that is all padding and, where the
    /// tile is a part of more, after other windows.
    /// </summary>
    /// <param name="frame">A layer that begins with the parameters of <see cref="Conv2D"/>.</param>
    /// <param name="image">Arena offset of the group's first channel in the input image.</param>
    /// <param name="top">Row of the input under the first window's first tap.</param>
    /// <param name="left">Column of the input under the first window's first tap.</param>
    /// <param name="rows">Rows of positions.</param>
    /// <param name="columns">Positions of a row.</param>
    /// <param name="skipped">Windows that are there already.</param>
    public static void Gather(Frame frame, int image, int top, int left, int rows, int columns, int skipped)
    {
        sbyte[] arena = frame.Arena;
        int inputHeight = frame.Int(P.InputHeight);
        int inputWidth = frame.Int(P.InputWidth);
        int inputChannels = frame.Int(P.InputChannels);
        int kernelHeight = frame.Int(P.KernelHeight);
        int kernelWidth = frame.Int(P.KernelWidth);
        int strideWidth = frame.Int(P.StrideWidth);
        int dilationHeight = frame.Int(P.DilationHeight);
        int dilationWidth = frame.Int(P.DilationWidth);
        int channels = inputChannels / frame.Int(Conv2D.Groups);
        int filterRow = kernelWidth * channels;
        int window = kernelHeight * filterRow;
        int padding = frame.Strip;
        if (skipped == 0)
            Fill(arena, padding, window, frame.Int(Conv2D.InputZeroPoint));
        int target = padding + ((skipped + 1) * window);
        bool contiguous = channels == inputChannels && dilationWidth == 1;
        for (; rows > 0; rows--)
        {
            int firstY = P.FirstTap(top, dilationHeight);
            int endY = P.EndTap(top, dilationHeight, kernelHeight, inputHeight);
            int x = left;
            for (int column = 0; column < columns; column++)
            {
                int firstX = P.FirstTap(x, dilationWidth);
                int endX = P.EndTap(x, dilationWidth, kernelWidth, inputWidth);
                if (firstY > 0 || endY < kernelHeight || firstX > 0 || endX < kernelWidth)
                    Array.Copy(arena, padding, arena, target, window);
                int runs = contiguous ? 1 : endX - firstX;
                int length = contiguous ? (endX - firstX) * channels : channels;
                for (int ky = firstY; ky < endY && firstX < endX; ky++)
                {
                    int source = image + ((((top + (ky * dilationHeight)) * inputWidth) + x + (firstX * dilationWidth)) * inputChannels);
                    int tap = target + (ky * filterRow) + (firstX * channels);
                    for (int run = 0; run < runs; run++)
                    {
                        Array.Copy(arena, source, arena, tap, length);
                        source += dilationWidth * inputChannels;
                        tap += channels;
                    }
                }
                target += window;
                x += strideWidth;
            }
            top += frame.Int(P.StrideHeight);
        }
    }

    /// <summary>Sets bytes of the arena.</summary>
    public static void Fill(sbyte[] arena, int start, int count, int value)
    {
        if (count <= 0)
            return;
        arena[start] = (sbyte)value;
        int filled = 1;
        while (filled < count)
        {
            int length = filled < count - filled ? filled : count - filled;
            Array.Copy(arena, start, arena, start + filled, length);
            filled += length;
        }
    }
}
