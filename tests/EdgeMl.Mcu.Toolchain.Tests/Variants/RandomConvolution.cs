using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Tests.Variants;

/// <summary>
/// A model of one convolution or fully connected layer of any size, stride, padding, dilation and number of groups, with any zero points and rescaling, and with
/// weights that are random, or extreme so that sums are the greatest that there are.
/// </summary>
internal sealed class RandomConvolution
{
    private readonly Random _random;

    private RandomConvolution(int seed) => _random = new Random(seed);

    /// <summary>The model of a seed.</summary>
    public static ModelGraph Create(int seed)
    {
        var layer = new RandomConvolution(seed);
        return layer._random.Next(3) == 0 ? layer.Linear() : layer.Convolution();
    }

    /// <summary>Inputs with random and with extreme values.</summary>
    public static IEnumerable<sbyte[]> Samples(int count, int seed)
    {
        var random = new Random(seed);
        yield return Values(count, () => (sbyte)random.Next(-128, 128));
        yield return Values(count, () => -128);
        yield return Values(count, () => 127);
        yield return Values(count, () => random.Next(2) == 0 ? (sbyte)-128 : (sbyte)127);
    }

    private ModelGraph Linear()
    {
        int positions = _random.Next(2, 40);
        int depth = Size(300);
        int channels = Size(80);
        return Graph(new FullyConnected(RandomActivation()), new Shape(positions, depth), new Shape(channels, depth), new Shape(positions, channels));
    }

    private ModelGraph Convolution()
    {
        int batches = _random.Next(1, 3);
        int groups = _random.Next(4) == 0 ? _random.Next(2, 4) : 1;
        int inputs = Size(40);
        int outputs = groups * Size(groups == 1 ? 70 : 20);
        var window = new Window(
            _random.Next(1, 5), _random.Next(1, 5), Step(), Step(), Step(), Step(), _random.Next(3), _random.Next(3), _random.Next(3), _random.Next(3));
        int height = ((window.KernelHeight - 1) * window.DilationHeight) + _random.Next(1, 9);
        int width = ((window.KernelWidth - 1) * window.DilationWidth) + _random.Next(1, 9);
        return Graph(
            new Conv2D(window, RandomActivation()), new Shape(batches, height, width, groups * inputs),
            new Shape(outputs, window.KernelHeight, window.KernelWidth, inputs),
            new Shape(batches, window.OutputHeight(height), window.OutputWidth(width), outputs));
    }

    private ModelGraph Graph(Operator op, Shape input, Shape filter, Shape output)
    {
        int channels = filter[0];
        int taps = filter.ElementCount / channels;
        float[] scales = [.. Enumerable.Range(0, channels).Select(_ => 0.001f * (1 + _random.NextSingle()))];
        // From half a unit for each product, which saturates, to outputs that are all near the zero point; now and then a shift to the left.
        float range = _random.Next(12) == 0 ? 0.0004f : 0.02f * MathF.Pow(2, _random.Next(0, 9));
        var graph = new ModelGraph { Name = "random" };
        var x = new Tensor("x", ElementType.Int8, input, new Quantization(0.05f, _random.Next(-128, 128)));
        var y = new Tensor("y", ElementType.Int8, output, new Quantization(range * (1 + _random.NextSingle()), _random.Next(4) == 0 ? -128 : _random.Next(-128, 128)));
        bool perChannel = op is not FullyConnected || _random.Next(2) == 0;
        var w = new Tensor("w", ElementType.Int8, filter, perChannel && channels > 1 ? new Quantization(scales, new int[channels]) : new Quantization(scales[0], 0), Weights(channels * taps));
        var bias = new Tensor("b", ElementType.Int32, new Shape(channels), null, Array.ConvertAll(new int[channels], _ => _random.Next(-20_000, 20_000)));
        graph.Inputs.Add(new GraphPort(x));
        graph.Nodes.Add(new Node("layer", op, [x, w, _random.Next(4) == 0 ? null : bias], y));
        graph.Outputs.Add(new GraphPort(y));
        return graph;
    }

    private sbyte[] Weights(int count) => _random.Next(6) switch
    {
        0 => Values(count, () => 127),
        1 => Values(count, () => -128),
        2 => Values(count, () => _random.Next(2) == 0 ? (sbyte)-128 : (sbyte)127),
        3 => Values(count, () => _random.Next(5) == 0 ? (sbyte)_random.Next(-128, 128) : (sbyte)0),
        _ => Values(count, () => (sbyte)_random.Next(-128, 128)),
    };

    private Activation RandomActivation() => (Activation)_random.Next(4);

    /// <summary>Mostly small, now and then up to a limit.</summary>
    private int Size(int limit) => _random.Next(3) == 0 ? _random.Next(1, limit + 1) : _random.Next(1, 13);

    private int Step() => _random.Next(2) == 0 ? 1 : _random.Next(1, 4);

    private static sbyte[] Values(int count, Func<sbyte> next)
    {
        var values = new sbyte[count];
        for (int i = 0; i < count; i++)
            values[i] = next();
        return values;
    }
}
