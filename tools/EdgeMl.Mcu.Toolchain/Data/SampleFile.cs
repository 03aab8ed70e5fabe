using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Data;

/// <summary>Reads and writes the samples of a model's inputs and outputs; the file's ending tells the format.</summary>
public static class SampleFile
{
    /// <summary>Reads samples.</summary>
    /// <param name="path">A .npy, .csv or .bin file.</param>
    /// <param name="port">The input or output that the samples are for; values are in its source layout.</param>
    /// <param name="raw">
    /// Takes the numbers of .npy and .csv as the port's integers; otherwise they are real numbers, quantised with its scale and zero point.
    /// .bin is always raw.
    /// </param>
    /// <exception cref="ToolchainException">A <c>file.*</c> or <c>data.*</c> code.</exception>
    public static SampleSet Read(string path, GraphPort port, bool raw)
    {
        DataFormat format = DataFormats.Of(path);
        return Parse(DataFile.ReadAllBytes(path), path, format, port, raw);
    }

    /// <summary>Parses the content of a file; see <see cref="Read"/>.</summary>
    public static SampleSet Parse(ReadOnlySpan<byte> content, string name, DataFormat format, GraphPort port, bool raw)
    {
        if (format == DataFormat.Bin)
            return BinFormat.Parse(content, name, port);
        NumericArray array = format == DataFormat.Npy ? NpyReader.Parse(content, name) : CsvReader.Parse(content, name);
        int? count = format == DataFormat.Npy
            ? SampleAxis.Count(array.Shape, port.SourceShape)
            : array.Shape[1] == port.SourceShape.ElementCount ? array.Shape[0] : null;
        if (count is null)
            throw ShapeMismatch(array, name, format, port);
        if (count == 0)
            throw new ToolchainException(ErrorCodes.ShapeMismatch, $"'{name}' has the shape {array.Shape}: no samples.");
        Array values = raw ? SampleValues.FromIntegers(port.Tensor, array, name) : SampleValues.FromReals(port.Tensor, array, name);
        return new SampleSet(port, values);
    }

    /// <summary>Writes samples, atomically.</summary>
    /// <param name="path">A .npy, .csv or .bin file.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="raw">Writes a quantised port's integers to .npy and .csv; otherwise real numbers. .bin is always raw.</param>
    /// <exception cref="ToolchainException"><c>file.unknown-format</c>, <c>file.unwritable</c>.</exception>
    public static void Write(string path, SampleSet samples, bool raw)
    {
        DataFormat format = DataFormats.Of(path);
        AtomicFile.WriteAllBytes(path, Format(samples, format, raw));
    }

    /// <summary>The content of a file; see <see cref="Write"/>.</summary>
    public static byte[] Format(SampleSet samples, DataFormat format, bool raw)
    {
        if (format == DataFormat.Bin)
            return BinFormat.Write(samples);
        bool asIs = raw || samples.Port.Tensor.Quantization is null;
        var array = new NumericArray(SampleAxis.Stacked(samples.Port.SourceShape, samples.Count), asIs ? samples.Values : samples.Reals());
        return format == DataFormat.Npy ? NpyWriter.Write(array) : CsvWriter.Write(array with { Shape = new Shape(samples.Count, samples.ElementsPerSample) });
    }

    private static ToolchainException ShapeMismatch(NumericArray array, string name, DataFormat format, GraphPort port)
    {
        Shape expected = port.SourceShape;
        string found = format == DataFormat.Npy ? $"the shape {array.Shape}" : $"{array.Shape[1]} numbers a line";
        string accepted = format == DataFormat.Npy
            ? $"{expected} for one sample or {Stacked(expected)} for N"
            : $"{expected.ElementCount} numbers a line ({expected})";
        return new ToolchainException(ErrorCodes.ShapeMismatch, $"'{name}' has {found}, and '{port.Name}' takes {accepted}.",
            port.IsPermuted ? "Values are in the source model's layout (channels first for ONNX)." : null);
    }

    private static string Stacked(Shape sample) =>
        sample.Rank > 0 && sample[0] == 1 ? string.Join('x', sample.Skip(1).Select(d => $"{d}").Prepend("N")) : $"Nx{sample}";
}
