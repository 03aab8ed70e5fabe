using EdgeMl.Mcu.Runtime.Host;
using EdgeMl.Mcu.Runtime.Kernels;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Tests.Host;

/// <summary>Kernels of packed 4-bit weights against those of 8 bits with the same weights, bit for bit, the whole arena.</summary>
public class Int4KernelTests
{
    private const int Layers = 2000;

    [Fact]
    public void Fully_connected_layers_give_the_bits_of_the_8_bit_kernel() =>
        Compare(new FullyConnected(), new FullyConnectedInt4(), RandomFullyConnected, parameters => (parameters[FullyConnected.OutputDepth], parameters[FullyConnected.InputDepth]));

    [Fact]
    public void Convolutions_give_the_bits_of_the_8_bit_kernel() => Compare(new Conv2D(), new Conv2DInt4(), RandomLayer.Conv2D, ConvolutionRows);

    [Fact]
    public void Rows_give_every_weight_back()
    {
        for (int first = -8; first < 8; first++)
        {
            for (int second = -8; second < 8; second++)
            {
                byte[] row = [99, (byte)((first & 15) | (second << 4)), (byte)(first & 15)];
                Assert.Equal([first, second, first], [FourBitRows.At(row, 1, 0), FourBitRows.At(row, 1, 1), FourBitRows.At(row, 1, 2)]);
            }
        }
        Assert.Equal([1, 1, 2, 2, 3], Enumerable.Range(1, 5).Select(FourBitRows.Bytes));
    }

    [Fact]
    public void A_layer_with_weights_of_another_length_is_refused()
    {
        RandomLayer item = Squeezed(RandomLayer.Conv2D(new Random(1)), ConvolutionRows, out byte[] packed);
        Assert.True(new Layer(item.Layer.Parameters, packed).IsValid(new Conv2DInt4(), item.Arena.Length));
        Assert.False(new Layer(item.Layer.Parameters, packed[..^1]).IsValid(new Conv2DInt4(), item.Arena.Length));
        Assert.False(new Layer(item.Layer.Parameters, [.. packed, 0]).IsValid(new Conv2DInt4(), item.Arena.Length));
        Assert.False(item.Layer.IsValid(new Conv2DInt4(), item.Arena.Length));
    }

    [Fact]
    public void A_weight_zero_point_is_refused()
    {
        RandomLayer item = Squeezed(RandomFullyConnected(new Random(1)), parameters => (parameters[FullyConnected.OutputDepth], parameters[FullyConnected.InputDepth]), out byte[] packed);
        Assert.True(new Layer(item.Layer.Parameters, packed).IsValid(new FullyConnectedInt4(), item.Arena.Length));
        item.Layer.Parameters[FullyConnected.WeightZeroPoint] = 1;
        Assert.False(new Layer(item.Layer.Parameters, packed).IsValid(new FullyConnectedInt4(), item.Arena.Length));
    }

    [Fact]
    public void An_inference_on_the_host_allocates_nothing_once_it_has_run()
    {
        RandomLayer item = Squeezed(RandomLayer.Conv2D(new Random(4)), ConvolutionRows, out byte[] packed);
        Frame frame = new Layer(item.Layer.Parameters, packed).Frame(item.Arena);
        var kernel = new Conv2DInt4();
        kernel.Run(frame);
        long before = GC.GetAllocatedBytesForCurrentThread();
        kernel.Run(frame);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Compare(Kernel reference, Kernel packedKernel, Func<Random, RandomLayer> create, Func<int[], (int Rows, int Taps)> shape)
    {
        bool possible = HostAcceleration.Enabled;
        for (int seed = 0; seed < Layers; seed++)
        {
            RandomLayer item = Squeezed(create(new Random(seed)), shape, out byte[] bytes);
            var packed = new Layer(item.Layer.Parameters, bytes);
            Assert.True(packed.IsValid(packedKernel, item.Arena.Length), $"Layer {seed} is not valid.");
            Frame expected = item.Layer.Frame(item.Arena), scalar = packed.Frame(item.Arena), vector = packed.Frame(item.Arena);
            HostAcceleration.Enabled = false;
            reference.Run(expected);
            packedKernel.Run(scalar);
            HostAcceleration.Enabled = possible;
            packedKernel.Run(vector);
            Assert.True(expected.Arena.AsSpan().SequenceEqual(scalar.Arena), $"Layer {seed} differs on the device's path.");
            Assert.True(expected.Arena.AsSpan().SequenceEqual(vector.Arena), $"Layer {seed} differs on the host's path.");
        }
    }

    private static RandomLayer RandomFullyConnected(Random random)
    {
        RandomLayer item = RandomLayer.FullyConnected(random);
        item.Layer.Parameters[FullyConnected.WeightZeroPoint] = 0;
        return item;
    }

    private static (int Rows, int Taps) ConvolutionRows(int[] parameters) => (
        parameters[P.OutputChannels], parameters[P.KernelHeight] * parameters[P.KernelWidth] * (parameters[P.InputChannels] / parameters[Conv2D.Groups]));

    /// <summary>The layer with the upper four bits of each weight as its weights, and the same packed.</summary>
    private static RandomLayer Squeezed(RandomLayer item, Func<int[], (int Rows, int Taps)> shape, out byte[] packed)
    {
        (int rows, int taps) = shape(item.Layer.Parameters);
        byte[] weights = [.. item.Layer.Weights];
        int rowBytes = (taps + 1) / 2;
        packed = new byte[ChannelTable.Bytes(rowBytes * rows, rows)];
        for (int i = 0; i < rows * taps; i++)
        {
            int weight = (sbyte)weights[i] >> 4;
            weights[i] = (byte)weight;
            packed[(i / taps * rowBytes) + (i % taps / 2)] |= (byte)((weight & 15) << (i % taps % 2 * 4));
        }
        weights.AsSpan(ChannelTable.Start(0, rows * taps)).CopyTo(packed.AsSpan(ChannelTable.Start(0, rowBytes * rows)));
        return item with { Layer = new Layer(item.Layer.Parameters, weights) };
    }
}
