using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Data;

/// <summary>Where an array's sample axis is.</summary>
public static class SampleAxis
{
    /// <summary>
    /// Number of samples that an array holds for a model's input or output; null if their shapes do not fit. The first axis is the sample axis where the
    /// array has one dimension more than the input, or where its first dimension differs from the input's batch of 1. Samples of another rank fit if they
    /// have as many elements and one of the two shapes is flat (at most one dimension is not 1), so that the order of the elements leaves no doubt.
    /// </summary>
    public static int? Count(Shape array, Shape input)
    {
        if (array.Equals(input))
            return 1;
        if (array.Rank == input.Rank + 1 && Enumerable.Range(0, input.Rank).All(i => array[i + 1] == input[i]))
            return array[0];
        if (array.Rank == input.Rank && input[0] == 1 && Enumerable.Range(1, input.Rank - 1).All(i => array[i] == input[i]))
            return array[0];
        if (array.Rank == 0)
            return null;
        int[] sample = array.ToArray()[1..];
        return Elements(sample) == Elements(input) && (IsFlat(sample) || IsFlat(input)) ? array[0] : null;
    }

    /// <summary>The shape of an array of samples: the batch of 1 grows to the count, another first dimension gets an axis before it.</summary>
    public static Shape Stacked(Shape sample, int count) =>
        sample.Rank > 0 && sample[0] == 1 ? sample.With(0, count) : new Shape([count, .. sample]);

    private static bool IsFlat(IEnumerable<int> shape) => shape.Count(dimension => dimension != 1) <= 1;

    private static long Elements(IEnumerable<int> shape) => shape.Aggregate(1L, (product, dimension) => product * dimension);
}
