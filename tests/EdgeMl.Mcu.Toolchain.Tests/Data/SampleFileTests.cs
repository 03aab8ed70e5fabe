using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Graph;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Data;

public class SampleFileTests
{
    private static readonly GraphPort Quantized = new(new Tensor("x", ElementType.Int8, new Shape(1, 3), new Quantization(0.5f, -1)));
    private static readonly GraphPort Real = new(new Tensor("x", ElementType.Float32, new Shape(1, 3)));

    [Theory]
    [InlineData(new[] { 1, 8, 8 }, new[] { 1, 8, 8 }, 1)]
    [InlineData(new[] { 5, 8, 8 }, new[] { 1, 8, 8 }, 5)]
    [InlineData(new[] { 5, 1, 8, 8 }, new[] { 1, 8, 8 }, 5)]
    [InlineData(new[] { 1, 1, 8, 8 }, new[] { 1, 8, 8 }, 1)]
    [InlineData(new[] { 5, 2, 4 }, new[] { 2, 4 }, 5)]
    [InlineData(new[] { 7 }, new[] { 1 }, 7)]
    [InlineData(new[] { 7 }, new int[0], 7)]
    [InlineData(new[] { 5, 1, 8, 8 }, new[] { 1, 64 }, 5)]
    [InlineData(new[] { 5, 64 }, new[] { 1, 1, 8, 8 }, 5)]
    [InlineData(new[] { 7 }, new[] { 1, 1 }, 7)]
    [InlineData(new[] { 5, 8, 4, 3 }, new[] { 1, 3, 8, 4 }, null)]
    [InlineData(new[] { 64 }, new[] { 1, 64 }, null)]
    [InlineData(new[] { 4, 4 }, new[] { 2, 4 }, null)]
    [InlineData(new[] { 5, 8 }, new[] { 1, 8, 8 }, null)]
    [InlineData(new[] { 5, 8, 9 }, new[] { 1, 8, 8 }, null)]
    [InlineData(new int[0], new[] { 1, 8 }, null)]
    public void The_sample_axis_follows_the_contract(int[] array, int[] input, int? count) =>
        Assert.Equal(count, SampleAxis.Count(new Shape(array), new Shape(input)));

    [Fact]
    public void Reals_are_quantised_as_the_quantize_operator_does() => Assert.Equal(
        new sbyte[] { 0, -2, 127, -128, 0, 2 },
        Read("0.25,-0.25,1e9\n-1e9,0.5,1.49\n", Quantized, raw: false).Values);

    [Fact]
    public void Raw_integers_are_taken_as_they_are() =>
        Assert.Equal(new sbyte[] { -128, 0, 127 }, Read("-128,0,127", Quantized, raw: true).Values);

    [Theory]
    [InlineData("128,0,0", true, ErrorCodes.OutOfRange)]
    [InlineData("0.5,0,0", true, ErrorCodes.OutOfRange)]
    [InlineData("nan,0,0", true, ErrorCodes.OutOfRange)]
    [InlineData("nan,0,0", false, ErrorCodes.NotANumber)]
    [InlineData("1,2", false, ErrorCodes.ShapeMismatch)]
    public void Numbers_that_the_input_cannot_hold_are_refused(string text, bool raw, string code) =>
        Assert.Equal(code, Assert.Throws<ToolchainException>(() => Read(text, Quantized, raw)).Code);

    [Fact]
    public void A_shape_that_does_not_fit_names_both_shapes()
    {
        byte[] file = NpyWriter.Write(new NumericArray(new Shape(2, 4), new float[8]));
        var error = Assert.Throws<ToolchainException>(() => SampleFile.Parse(file, "x.npy", DataFormat.Npy, Real, raw: false));
        Assert.Equal(ErrorCodes.ShapeMismatch, error.Code);
        Assert.Equal("'x.npy' has the shape 2x4, and 'x' takes 1x3 for one sample or Nx3 for N.", error.Message);
    }

    [Fact]
    public void An_array_of_no_samples_is_refused() => Assert.Equal(ErrorCodes.ShapeMismatch, Assert.Throws<ToolchainException>(
        () => SampleFile.Parse(NpyWriter.Write(new NumericArray(new Shape(0, 3), Array.Empty<float>())), "x.npy", DataFormat.Npy, Real, raw: false)).Code);

    [Theory]
    [InlineData(0, "empty")]
    [InlineData(13, "13 bytes are no multiple of the sample's 12 (remainder 1)")]
    public void A_bin_file_that_holds_no_whole_samples_is_refused(int length, string reason)
    {
        var error = Assert.Throws<ToolchainException>(() => SampleFile.Parse(new byte[length], "x.bin", DataFormat.Bin, Real, raw: false));
        Assert.Equal(ErrorCodes.BinInvalid, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DataFormat.Bin, false)]
    [InlineData(DataFormat.Npy, false)]
    [InlineData(DataFormat.Npy, true)]
    [InlineData(DataFormat.Csv, false)]
    [InlineData(DataFormat.Csv, true)]
    public void Quantised_samples_survive_every_format(DataFormat format, bool raw) => Prop.ForAll(
        Gen.Choose(-128, 127).Select(v => (sbyte)v).ArrayOf(12).Zip(Gen.Choose(1, 1 << 20)).ToArbitrary(),
        c =>
        {
            (sbyte[] values, int scale) = c;
            var port = new GraphPort(new Tensor("x", ElementType.Int8, new Shape(1, 4), new Quantization(scale / 65536f, scale % 256 - 128)));
            SampleSet read = SampleFile.Parse(SampleFile.Format(new SampleSet(port, values), format, raw), "x", format, port, raw);
            return read.Count == 3 && values.AsSpan().SequenceEqual((sbyte[])read.Values);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(DataFormat.Bin)]
    [InlineData(DataFormat.Npy)]
    [InlineData(DataFormat.Csv)]
    public void Damaged_files_are_read_or_refused_with_one_error(DataFormat format)
    {
        byte[] intact = SampleFile.Format(new SampleSet(Quantized, new sbyte[] { 1, 2, 3, 4, 5, 6 }), format, raw: false);
        IReadOnlyDictionary<string, int> refused = Fuzzing.Run(intact, 10_000, seed: 3, damaged =>
        {
            SampleSet read = SampleFile.Parse(damaged, "x", format, Quantized, raw: false);
            Assert.Equal(read.Count * 3, read.Values.Length);
        });
        Assert.All(refused.Keys, code => Assert.StartsWith("data.", code, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("missing.npy", ErrorCodes.FileNotFound)]
    [InlineData("missing.txt", ErrorCodes.UnknownFormat)]
    public void Files_that_are_not_there_or_of_no_known_format_are_errors(string path, string code) =>
        Assert.Equal(code, Assert.Throws<ToolchainException>(() => SampleFile.Read(path, Real, raw: false)).Code);

    private static SampleSet Read(string csv, GraphPort port, bool raw) =>
        SampleFile.Parse(System.Text.Encoding.UTF8.GetBytes(csv), "x.csv", DataFormat.Csv, port, raw);
}
