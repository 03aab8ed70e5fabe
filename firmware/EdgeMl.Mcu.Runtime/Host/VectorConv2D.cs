#if NET
using System;
using EdgeMl.Mcu.Runtime.Kernels;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Host;

/// <summary>
/// <see cref="Conv2D"/> with vector instructions: the window of each position is gathered into one row, with the input's zero point in padding.
/// </summary>
internal static class VectorConv2D
{
    /// <summary>Computes the layer; false, and nothing done, where its windows are too large.</summary>
    internal static bool TryRun(Frame frame)
    {
        int groups = frame.Int(Conv2D.Groups);
        int groupChannels = frame.Int(P.InputChannels) / groups;
        long window = (long)frame.Int(P.KernelHeight) * frame.Int(P.KernelWidth) * groupChannels;
        if (window > LinearRow.DepthMax)
            return false;
        int depth = (int)window;
        int outputChannels = frame.Int(P.OutputChannels);
        int groupOutputs = outputChannels / groups;
        var stage = new OutputStage(
            frame.Weights, ChannelTable.Start(frame.WeightOffset, depth * outputChannels), outputChannels, frame.Int(Conv2D.OutputZeroPoint), frame.Int(P.ActivationMin), frame.Int(P.ActivationMax));
        var windows = new Windows(frame, groupChannels, frame.Int(Conv2D.InputZeroPoint));
        Span<short> x = stackalloc short[Lanes.RoundUp(depth)];
        int outputHeight = frame.Int(P.OutputHeight);
        int outputWidth = frame.Int(P.OutputWidth);
        int batches = frame.Int(P.Batches);
        int output = frame.Int(P.Output);
        for (int b = 0; b < batches; b++)
        {
            for (int oy = 0; oy < outputHeight; oy++)
            {
                for (int ox = 0; ox < outputWidth; ox++)
                {
                    for (int g = 0; g < groups; g++)
                    {
                        windows.Gather(b, oy, ox, g * groupChannels, x);
                        LinearRow.Compute(
                            x, depth, frame.Weights, frame.WeightOffset + (g * groupOutputs * depth), 0, stage, g * groupOutputs, frame.Arena.AsSpan(output, groupOutputs));
                        output += groupOutputs;
                    }
                }
            }
        }
        return true;
    }

    /// <summary>The windows of a layer.</summary>
    private readonly ref struct Windows
    {
        private readonly ReadOnlySpan<sbyte> _input;
        private readonly int _height;
        private readonly int _width;
        private readonly int _channels;
        private readonly int _kernelHeight;
        private readonly int _kernelWidth;
        private readonly int _strideHeight;
        private readonly int _strideWidth;
        private readonly int _dilationHeight;
        private readonly int _dilationWidth;
        private readonly int _padTop;
        private readonly int _padLeft;
        private readonly int _groupChannels;
        private readonly short _zeroPoint;

        internal Windows(Frame frame, int groupChannels, int zeroPoint)
        {
            _height = frame.Int(P.InputHeight);
            _width = frame.Int(P.InputWidth);
            _channels = frame.Int(P.InputChannels);
            _kernelHeight = frame.Int(P.KernelHeight);
            _kernelWidth = frame.Int(P.KernelWidth);
            _strideHeight = frame.Int(P.StrideHeight);
            _strideWidth = frame.Int(P.StrideWidth);
            _dilationHeight = frame.Int(P.DilationHeight);
            _dilationWidth = frame.Int(P.DilationWidth);
            _padTop = frame.Int(P.PadTop);
            _padLeft = frame.Int(P.PadLeft);
            _groupChannels = groupChannels;
            _zeroPoint = (short)zeroPoint;
            _input = frame.Arena.AsSpan(frame.Int(P.Input), frame.Int(P.Batches) * _height * _width * _channels);
        }

        /// <summary>Writes the window of one position, from one channel on, as [KH, KW, IC / groups].</summary>
        internal void Gather(int batch, int oy, int ox, int channel, Span<short> x)
        {
            int rowLength = _kernelWidth * _groupChannels;
            int originX = (ox * _strideWidth) - _padLeft;
            bool whole = _dilationWidth == 1 && _groupChannels == _channels && originX >= 0 && originX + _kernelWidth <= _width;
            for (int ky = 0; ky < _kernelHeight; ky++)
            {
                int iy = (oy * _strideHeight) - _padTop + (ky * _dilationHeight);
                Span<short> row = x.Slice(ky * rowLength, rowLength);
                int start = ((batch * _height) + iy) * _width;
                if (iy < 0 || iy >= _height)
                    row.Fill(_zeroPoint);
                else if (whole)
                    Lanes.Widen(_input.Slice((start + originX) * _channels, rowLength), row);
                else
                    GatherRow(start, originX, channel, row);
            }
        }

        private void GatherRow(int start, int originX, int channel, Span<short> row)
        {
            for (int kx = 0; kx < _kernelWidth; kx++)
            {
                int ix = originX + (kx * _dilationWidth);
                Span<short> tap = row.Slice(kx * _groupChannels, _groupChannels);
                if (ix < 0 || ix >= _width)
                    tap.Fill(_zeroPoint);
                else
                    Lanes.Widen(_input.Slice(((start + ix) * _channels) + channel, _groupChannels), tap);
            }
        }
    }
}
#endif
