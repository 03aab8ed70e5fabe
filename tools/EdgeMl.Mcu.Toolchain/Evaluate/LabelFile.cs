using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Reads what samples should give: classes, or real targets. A .npy of shape [N] or [N, 1], or a .csv with one number a line.</summary>
public static class LabelFile
{
    /// <summary>Reads one class a sample.</summary>
    /// <param name="path">A .npy or .csv file.</param>
    /// <param name="classes">Number of classes; labels are 0 to one less.</param>
    /// <exception cref="ToolchainException">A <c>file.*</c> or <c>data.*</c> code.</exception>
    public static int[] ReadClasses(string path, int classes) => ParseClasses(ReadArray(path), path, classes);

    /// <summary>The classes that an array holds.</summary>
    /// <param name="array">One class a sample: N or Nx1.</param>
    /// <param name="path">The file it comes from, for messages.</param>
    /// <param name="classes">Number of classes; labels are 0 to one less.</param>
    /// <exception cref="ToolchainException">A <c>data.*</c> code.</exception>
    public static int[] ParseClasses(NumericArray array, string path, int classes)
    {
        if (array.Shape.Rank is not (1 or 2) || (array.Shape.Rank == 2 && array.Shape[1] != 1) || array.Values.Length == 0)
            throw new ToolchainException(ErrorCodes.ShapeMismatch, $"The labels '{path}' have the shape {array.Shape}; one class a sample is needed: N or Nx1.");
        double[] numbers = array.ToDoubles();
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!(numbers[i] >= 0 && numbers[i] < classes) || numbers[i] != Math.Floor(numbers[i]))
                throw new ToolchainException(ErrorCodes.OutOfRange, $"Label {i} of '{path}' is {numbers[i]}; the model's classes are 0 to {classes - 1}.");
        }
        return Array.ConvertAll(numbers, v => (int)v);
    }

    /// <summary>Reads real targets for an output: in its shape, or flat.</summary>
    /// <param name="path">A .npy, .csv or .bin (float32) file.</param>
    /// <param name="output">The output.</param>
    /// <exception cref="ToolchainException">A <c>file.*</c> or <c>data.*</c> code.</exception>
    public static float[] ReadTargets(string path, GraphPort output)
    {
        var real = new GraphPort(new Tensor(output.Name, ElementType.Float32, output.SourceShape));
        return (float[])SampleFile.Read(path, real, raw: false).Values;
    }

    /// <summary>Checks that there is one label for each sample.</summary>
    /// <exception cref="ToolchainException"><c>data.sample-count-mismatch</c>.</exception>
    public static void CheckCount(int labels, int samples)
    {
        if (labels != samples)
            throw new ToolchainException(ErrorCodes.SampleCountMismatch, $"There are {labels} labels for {samples} samples.", "Give the labels of the same samples.");
    }

    private static NumericArray ReadArray(string path) => DataFormats.Of(path) switch
    {
        DataFormat.Npy => NpyReader.Parse(DataFile.ReadAllBytes(path), path),
        DataFormat.Csv => CsvReader.Parse(DataFile.ReadAllBytes(path), path),
        _ => throw new ToolchainException(ErrorCodes.UnknownFormat, $"'{path}' has no type of its own; labels are .npy or .csv."),
    };
}
