using System.Text;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Graph;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Data;

public class NpyTests
{
    [Fact]
    public void Every_type_reads_back_as_it_was_written()
    {
        Array[] arrays =
        [
            new Half[] { (Half)1.5f, Half.MinValue }, new[] { 1.5f, float.NaN }, new[] { Math.PI, double.NegativeInfinity }, new sbyte[] { -128, 127 },
            new byte[] { 0, 255 }, new short[] { -32768, 7 }, new ushort[] { 65535, 1 }, new[] { int.MinValue, 3 }, new[] { long.MaxValue, -1L },
            new[] { true, false },
        ];
        foreach (Array values in arrays)
        {
            NumericArray read = NpyReader.Parse(NpyWriter.Write(new NumericArray(new Shape(2, 1), values)), "x.npy");
            Assert.Equal(new Shape(2, 1), read.Shape);
            Assert.Equal(values.GetType(), read.Values.GetType());
            Assert.Equal(values, read.Values);
        }
    }

    [Fact]
    public void Unsigned_bytes_stay_positive() =>
        Assert.Equal([0, 255], new NumericArray(new Shape(2), new byte[] { 0, 255 }).ToDoubles());

    [Fact]
    public void Any_shape_reads_back_as_it_was_written() => Prop.ForAll(
        Gen.Choose(0, 5).ArrayOf().Where(d => d.Length <= 6).ToArbitrary(),
        dimensions =>
        {
            var shape = new Shape(dimensions);
            float[] values = [.. Enumerable.Range(0, shape.ElementCount).Select(i => i / 3f)];
            NumericArray read = NpyReader.Parse(NpyWriter.Write(new NumericArray(shape, values)), "x.npy");
            return read.Shape.Equals(shape) && values.AsSpan().SequenceEqual((float[])read.Values);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }")]
    [InlineData(2, "{\"shape\":(2),\"descr\":\"<f4\",\"fortran_order\":False}")]
    [InlineData(3, "{'descr': '=f4', 'fortran_order': False, 'shape': (2L, 1L), }   \n")]
    [InlineData(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (2,), }")]
    public void Headers_of_all_versions_are_read(int version, string header) =>
        Assert.Equal(new[] { 1f, 2f }, NpyReader.Parse(File(version, header, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40), "x.npy").Values);

    [Theory]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "big-endian")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }", "Fortran order")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "'<c8'")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "'|O'")]
    [InlineData("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }", "structured array")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "needs 8 bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "'shape'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647, 0), }", "needs")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", "'shape'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, }", "header")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } x", "header")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "'descr'")]
    public void What_is_not_supported_is_refused_with_the_reason(string header, string reason)
    {
        var error = Assert.Throws<ToolchainException>(() => NpyReader.Parse(File(1, header, 0, 0, 0, 0), "x.npy"));
        Assert.Equal(ErrorCodes.NpyInvalid, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_claims_four_gigabytes_is_refused_before_anything_is_allocated()
    {
        byte[] file = [0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0];
        Assert.Contains("header has 4294967295 bytes", Assert.Throws<ToolchainException>(() => NpyReader.Parse(file, "x.npy")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_boolean_that_is_neither_0_nor_1_is_refused() =>
        Assert.Contains("boolean element 1 is 2", Assert.Throws<ToolchainException>(
            () => NpyReader.Parse(File(1, "{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", 1, 2), "x.npy")).Message, StringComparison.Ordinal);

    [Fact]
    public void Damaged_files_are_read_or_refused_with_one_error()
    {
        byte[] intact = NpyWriter.Write(new NumericArray(new Shape(5, 3), Enumerable.Range(0, 15).Select(i => i * 0.5f).ToArray()));
        IReadOnlyDictionary<string, int> refused = Fuzzing.Run(intact, 20_000, seed: 1, damaged =>
        {
            NumericArray read = NpyReader.Parse(damaged, "x.npy");
            Assert.Equal(read.Shape.ElementCount, read.Values.Length);
        });
        Assert.Equal([ErrorCodes.NpyInvalid], refused.Keys);
        Assert.InRange(refused[ErrorCodes.NpyInvalid], 5_000, 20_000);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] intact = NpyWriter.Write(new NumericArray(new Shape(5, 3), new float[15]));
        for (int length = 0; length < intact.Length; length++)
            Assert.Throws<ToolchainException>(() => NpyReader.Parse(intact.AsSpan(0, length), "x.npy"));
    }

    private static byte[] File(int version, string header, params byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. text, .. data];
    }
}
