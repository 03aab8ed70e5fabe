using EdgeMl.Mcu.Metering.Costs;

namespace EdgeMl.Mcu.Metering.Tests;

public sealed class AllocationTests
{
    [Theory]
    [InlineData("new byte[1]", 24)]
    [InlineData("new sbyte[4]", 24)]
    [InlineData("new sbyte[5]", 36)]
    [InlineData("new int[100]", 420)]
    [InlineData("new long[100]", 828)]
    [InlineData("new object[3]", 60)]
    [InlineData("new Kind[4]", 24)]
    [InlineData("new One()", 24)]
    [InlineData("new Two()", 36)]
    [InlineData("(object)5", 24)]
    [InlineData("null", 0)]
    public void Objects_take_whole_units_of_the_devices_heap(string expression, long bytes)
    {
        using MeteredProgram program = Device.Load($"enum Kind : byte {{ A }} class One {{ int _x; }} sealed class Two : One {{ long _y; }} public static object Make() => {expression};");
        var make = program.Bind<Func<object?>>("P", "Make");

        Assert.Equal(bytes, program.Measure(() => make()).AllocatedBytes);
    }

    [Fact]
    public void Arrays_of_any_length_count_and_instructions_stay_the_same()
    {
        using MeteredProgram program = Device.Load("public static int[] Make(int n) => new int[n];");
        var make = program.Bind<Func<int, int[]>>("P", "Make");
        for (int n = 0; n < 40; n++)
        {
            Counters counters = program.Measure(() => make(n));
            Assert.Equal((HeapSizes.OfArray(4 * n), 3), (counters.AllocatedBytes, counters.Instructions));
        }
        Assert.Throws<OverflowException>(() => make(-1));
    }

    [Fact]
    public void The_size_of_an_assembly_grows_with_its_code_and_frames_with_their_locals()
    {
        AssemblySize small = AssemblySize.Of(Device.Compile("public static class P { public static int F(int x) => x; }"));
        string locals = string.Concat(Enumerable.Range(0, 30).Select(i => $"int v{i} = x * {i + 2}; "));
        string sum = string.Join(" + ", Enumerable.Range(0, 30).Select(i => $"v{i} * v{i}"));
        AssemblySize large = AssemblySize.Of(Device.Compile($"public static class P {{ public static int F(int x) {{ {locals} return {sum}; }} }}"));

        Assert.InRange(small.FlashBytes, 150, 300);
        Assert.InRange(large.FlashBytes - small.FlashBytes, 200, 500);
        Assert.Equal(small.TableBytes, large.TableBytes);
        Assert.Equal(84 + (12 * 10), small.FrameBytes["P::F(System.Int32)"]);
        Assert.InRange(large.FrameBytes["P::F(System.Int32)"], 84 + (12 * 32), 84 + (12 * 40));
    }
}
