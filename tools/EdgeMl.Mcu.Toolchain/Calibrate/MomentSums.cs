using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Calibrating;

/// <summary>Sums that become the moments of a layer. Not thread-safe.</summary>
internal sealed class MomentSums
{
    private readonly LinearNode _layer;
    private readonly double[][] _products;
    private readonly double[][] _values;
    private readonly float[] _patch;
    private readonly double[] _row;
    private long _count;

    public MomentSums(LinearNode layer)
    {
        _layer = layer;
        _products = NewArrays(layer.Groups, layer.Taps * layer.Taps);
        _values = NewArrays(layer.Groups, layer.Taps);
        _patch = new float[layer.Taps];
        _row = new double[layer.Taps];
    }

    /// <summary>Adds all patches of one sample.</summary>
    public void Add(ReadOnlySpan<float> input)
    {
        for (int group = 0; group < _layer.Groups; group++)
        {
            for (int position = 0; position < _layer.Positions; position++)
            {
                _layer.Gather(input, position, group, _patch);
                TensorPrimitives.ConvertTruncating<float, double>(_patch, _row);
                Add(_row, _products[group]);
                TensorPrimitives.Add(_values[group], _row, _values[group]);
            }
        }
        _count += _layer.Positions;
    }

    /// <summary>Adds the sums of other samples of the same layer.</summary>
    public void Add(MomentSums other)
    {
        for (int group = 0; group < _layer.Groups; group++)
        {
            TensorPrimitives.Add(_products[group], other._products[group], _products[group]);
            TensorPrimitives.Add(_values[group], other._values[group], _values[group]);
        }
        _count += other._count;
    }

    /// <summary>The moments; the sums are used up.</summary>
    /// <exception cref="ToolchainException"><see cref="ErrorCodes.BadCalibrationData"/>: they are not finite.</exception>
    public LayerMoments ToMoments()
    {
        for (int group = 0; group < _layer.Groups; group++)
        {
            TensorPrimitives.Divide(_products[group], _count, _products[group]);
            TensorPrimitives.Divide(_values[group], _count, _values[group]);
            Mirror(_products[group]);
            if (!double.IsFinite(TensorPrimitives.SumOfMagnitudes<double>(_products[group])))
            {
                throw new ToolchainException(ErrorCodes.BadCalibrationData,
                    $"The calibration samples make '{_layer.Node.Input.Name}', the input of '{_layer.Node.Name}', overflow.", "Are the samples prepared as the model expects them?");
            }
        }
        return new LayerMoments(_layer, _count, _products, _values);
    }

    private static double[][] NewArrays(int count, int length) => [.. Enumerable.Range(0, count).Select(_ => new double[length])];

    // The upper triangle only; half of the values are zeros after a ReLU.
    private static void Add(double[] row, double[] products)
    {
        for (int i = 0; i < row.Length; i++)
        {
            if (row[i] == 0)
                continue;
            Span<double> sums = products.AsSpan(i * row.Length + i, row.Length - i);
            TensorPrimitives.MultiplyAdd(row.AsSpan(i), row[i], sums, sums);
        }
    }

    private void Mirror(double[] matrix)
    {
        for (int i = 0; i < _layer.Taps; i++)
        {
            for (int j = 0; j < i; j++)
                matrix[i * _layer.Taps + j] = matrix[j * _layer.Taps + i];
        }
    }
}
