using EdgeMl.Mcu.Bench.Hil.Reports;

namespace EdgeMl.Mcu.Bench.Hil.Calibration;

/// <summary>A board's time of a plain IL instruction, as its measured layers have it.</summary>
/// <param name="NanosecondsPerIl">The time.</param>
/// <param name="Layers">Layers that it is from.</param>
/// <param name="Models">Models that they belong to.</param>
/// <param name="MedianErrorPercent">Half of the layers are predicted at least so well with it, in percent of what was measured.</param>
/// <param name="Residuals">Each layer.</param>
public sealed record SpeedFit(double NanosecondsPerIl, int Layers, int Models, double MedianErrorPercent, IReadOnlyList<LayerResidual> Residuals)
{
    /// <summary>The fewest layers that a speed is taken from.</summary>
    public const int LayersMin = 4;

    /// <summary>
    /// Fits the line through the origin with the least sum of absolute errors to the layers' median times over their weighted instructions: the weighted median of time/instructions,
    /// each with its instructions as weight. Layers that an interrupt or a garbage collection has disturbed do not move it, as long as the others hold more than half of the instructions.
    /// </summary>
    /// <param name="board">A run's board.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.NotCalibrated"/>.</exception>
    public static SpeedFit Of(BoardReport board)
    {
        if (board.IsVirtual)
            throw new BenchException(BenchErrorCodes.NotCalibrated, $"The board '{board.Name}' is virtual: its times are counted from the descriptor of {board.Board}, so they cannot measure it.", "Run the bench on the real board.");
        ModelReport[] measured = [.. board.Models.Where(model => model.Latency is not null)];
        (string Model, LatencyNumbers Layer)[] layers =
        [
            .. measured.SelectMany(model => model.Latency!.Layers.Select(layer => (model.Name, layer))).Where(entry => entry.layer.Median > 0 && entry.layer.WeightedIl > 0),
        ];
        if (layers.Length < LayersMin)
            throw new BenchException(BenchErrorCodes.NotCalibrated, $"The board '{board.Name}' measured {layers.Length} layers, and a speed needs {LayersMin} or more.", "Run the bench to its latency stage, with models of several layers.");
        double nanoseconds = 1000 * WeightedMedian([.. layers.Select(entry => (entry.Layer.Median / entry.Layer.WeightedIl, entry.Layer.WeightedIl))]);
        LayerResidual[] residuals =
        [
            .. layers.Select(entry => new LayerResidual(entry.Model, entry.Layer.Name, entry.Layer.Median, entry.Layer.WeightedIl * nanoseconds / 1000)),
        ];
        double[] errors = [.. residuals.Select(residual => Math.Abs(residual.ErrorPercent)).Order()];
        return new SpeedFit(nanoseconds, layers.Length, measured.Length, errors[(errors.Length - 1) / 2], residuals);
    }

    /// <summary>The least value at which the values up to it hold half of the weight.</summary>
    internal static double WeightedMedian(IReadOnlyList<(double Value, double Weight)> entries)
    {
        double half = entries.Sum(entry => entry.Weight) / 2;
        double below = 0;
        foreach ((double value, double weight) in entries.OrderBy(entry => entry.Value))
        {
            below += weight;
            if (below >= half)
                return value;
        }
        throw new ArgumentException("There are no entries with a weight.", nameof(entries));
    }
}

/// <summary>A layer beside the fitted line.</summary>
/// <param name="Model">Its model.</param>
/// <param name="Layer">Its name.</param>
/// <param name="MeasuredMicroseconds">Median of its times.</param>
/// <param name="FittedMicroseconds">Its time by the fit.</param>
public sealed record LayerResidual(string Model, string Layer, double MeasuredMicroseconds, double FittedMicroseconds)
{
    /// <summary>How much the fit is above the measurement, in percent of it; negative below.</summary>
    public double ErrorPercent => 100 * ((FittedMicroseconds / MeasuredMicroseconds) - 1);
}
