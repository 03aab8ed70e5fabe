using System.Text;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Graph;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Data;

public class CsvTests
{
    [Fact]
    public void Numbers_read_back_exactly_as_they_were_written() => Prop.ForAll(
        Gen.Choose(int.MinValue, int.MaxValue).Select(BitConverter.Int32BitsToSingle).ArrayOf().Where(d => d.Length > 0).ToArbitrary(),
        values =>
        {
            NumericArray read = CsvReader.Parse(CsvWriter.Write(new NumericArray(new Shape(1, values.Length), values)), "x.csv");
            return values.Zip(read.ToSingles()).All(p => p.First.Equals(p.Second));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("1,2\n3,4\n")]
    [InlineData("1,2\r\n3,4")]
    [InlineData("\uFEFF 1 , +2\n3.0,4e0\n\n")]
    [InlineData("x,y\n1,2\n3,4\n")]
    [InlineData("\"a, b\",c\n1,2\n3,4\n")]
    public void Headers_byte_order_marks_and_line_ends_do_not_matter(string text)
    {
        NumericArray read = Parse(text);
        Assert.Equal(new Shape(2, 2), read.Shape);
        Assert.Equal(new double[] { 1, 2, 3, 4 }, read.Values);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" \r\n\n", "empty")]
    [InlineData("a,b\n", "no samples")]
    [InlineData("1,2\n3\n", "line 2 has 1 cells and the lines before it 2")]
    [InlineData("1,2\n\n3,4\n", "line 2, cell 1")]
    [InlineData("1,2\n3,x\n", "line 2, cell 2 is not a number: 'x'")]
    [InlineData("1,2x\n3,4\n", "line 1, cell 2")]
    [InlineData("1;2\n", "no samples")]
    [InlineData("1,2\n1,1e999\n", "line 2, cell 2")]
    [InlineData("1,2\n1,\u0007\n", "'?'")]
    public void What_is_no_table_of_numbers_is_refused_with_its_place(string text, string reason)
    {
        var error = Assert.Throws<ToolchainException>(() => Parse(text));
        Assert.Equal(ErrorCodes.CsvInvalid, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_read_or_refused_with_one_error()
    {
        byte[] intact = Encoding.UTF8.GetBytes("a,b,c\n0.5,-1e-3,12\n0.25,3,4\n7,8,9.75\n");
        IReadOnlyDictionary<string, int> refused = Fuzzing.Run(intact, 20_000, seed: 2, damaged =>
        {
            NumericArray read = CsvReader.Parse(damaged, "x.csv");
            Assert.Equal(read.Shape.ElementCount, read.Values.Length);
        });
        Assert.Equal([ErrorCodes.CsvInvalid], refused.Keys);
    }

    private static NumericArray Parse(string text) => CsvReader.Parse(Encoding.UTF8.GetBytes(text), "x.csv");
}
