using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Calibrating;

/// <summary>Sums of products of the patches x that a layer reads in one run with the patches z that it reads in another one. Not thread-safe.</summary>
internal sealed class CrossMoments
{
    private readonly LinearNode _layer;
    private readonly double[][] _products;
    private readonly double[][] _means;
    private readonly float[] _patch;
    private readonly double[] _x;
    private readonly double[] _z;
    private long _count;

    public CrossMoments(LinearNode layer)
    {
        _layer = layer;
        _products = [.. Enumerable.Range(0, layer.Groups).Select(_ => new double[layer.Taps * layer.Taps])];
        _means = [.. Enumerable.Range(0, layer.Groups).Select(_ => new double[layer.Taps])];
        _patch = new float[layer.Taps];
        _x = new double[layer.Taps];
        _z = new double[layer.Taps];
    }

    /// <summary>Adds all patches of one sample.</summary>
    public void Add(ReadOnlySpan<float> x, ReadOnlySpan<float> z)
    {
        for (int group = 0; group < _layer.Groups; group++)
        {
            for (int position = 0; position < _layer.Positions; position++)
            {
                Read(x, position, group, _x);
                Read(z, position, group, _z);
                AddProducts(_products[group]);
                TensorPrimitives.Add(_means[group], _x, _means[group]);
            }
        }
        _count += _layer.Positions;
    }

    /// <summary>Adds the sums of other samples of the same layer.</summary>
    public void Add(CrossMoments other)
    {
        for (int group = 0; group < _layer.Groups; group++)
        {
            TensorPrimitives.Add(_products[group], other._products[group], _products[group]);
            TensorPrimitives.Add(_means[group], other._means[group], _means[group]);
        }
        _count += other._count;
    }

    /// <summary>Mean of each element of the patches x of a group, in a new array.</summary>
    public double[] Mean(int group) => Array.ConvertAll(_means[group], sum => sum / _count);

    /// <summary>Means of <c>x[i] z[j]</c> over the patches of a group in a new taps × taps matrix, row-major; about the means where that of z is given.</summary>
    public double[] Products(int group, double[]? meanOfZ)
    {
        int taps = _layer.Taps;
        double[] products = Array.ConvertAll(_products[group], sum => sum / _count);
        for (int i = 0; i < taps && meanOfZ is not null; i++)
        {
            double mean = _means[group][i] / _count;
            for (int j = 0; j < taps; j++)
                products[i * taps + j] -= mean * meanOfZ[j];
        }
        return products;
    }

    private void Read(ReadOnlySpan<float> values, int position, int group, double[] patch)
    {
        _layer.Gather(values, position, group, _patch);
        TensorPrimitives.ConvertTruncating<float, double>(_patch, patch);
    }

    private void AddProducts(double[] products)
    {
        for (int i = 0; i < _x.Length; i++)
        {
            if (_x[i] == 0)
                continue;
            Span<double> sums = products.AsSpan(i * _z.Length, _z.Length);
            TensorPrimitives.MultiplyAdd(_z, _x[i], sums, sums);
        }
    }
}
