using System.Text;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Tests.Data;

public class LabelFileTests
{
    [Fact]
    public void Classes_come_from_npy_and_csv_in_one_or_two_dimensions()
    {
        Assert.Equal([3, 0, 9], Npy(new NumericArray(new Shape(3), new[] { 3L, 0L, 9L })));
        Assert.Equal([3, 0, 9], Npy(new NumericArray(new Shape(3, 1), new[] { 3f, 0f, 9f })));
        Assert.Equal([3, 0, 9], Csv("3\n0\n9\n"));
    }

    [Theory]
    [InlineData("3\n10\n", ErrorCodes.OutOfRange)]
    [InlineData("3\n-1\n", ErrorCodes.OutOfRange)]
    [InlineData("3\n0.5\n", ErrorCodes.OutOfRange)]
    [InlineData("3\nnan\n", ErrorCodes.OutOfRange)]
    [InlineData("3,1\n2,4\n", ErrorCodes.ShapeMismatch)]
    public void What_is_no_class_is_refused(string text, string code) =>
        Assert.Equal(code, Assert.Throws<ToolchainException>(() => Csv(text)).Code);

    [Fact]
    public void Damaged_label_files_are_read_or_refused_with_one_error()
    {
        byte[] npy = NpyWriter.Write(new NumericArray(new Shape(5), new[] { 3L, 0L, 9L, 1L, 1L }));
        Fuzzing.Run(npy, 10_000, seed: 6, damaged => LabelFile.ParseClasses(NpyReader.Parse(damaged, "y.npy"), "y.npy", 10));
        Fuzzing.Run(Encoding.UTF8.GetBytes("label\n3\n0\n9\n1\n"), 10_000, seed: 7, damaged => LabelFile.ParseClasses(CsvReader.Parse(damaged, "y.csv"), "y.csv", 10));
    }

    private static int[] Npy(NumericArray array) => LabelFile.ParseClasses(NpyReader.Parse(NpyWriter.Write(array), "y.npy"), "y.npy", 10);

    private static int[] Csv(string text) => LabelFile.ParseClasses(CsvReader.Parse(Encoding.UTF8.GetBytes(text), "y.csv"), "y.csv", 10);
}
