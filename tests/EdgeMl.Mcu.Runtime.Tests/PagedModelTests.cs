using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Import;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Runtime.Tests;

public class PagedModelTests
{
    private const int Page = 1 << 20;
    private static readonly byte[] File = CompiledModels.Get("digits_cnn").Bytes;

    [Fact]
    public void A_paged_model_gives_the_outputs_of_the_model_in_RAM()
    {
        var whole = new Interpreter(Model.Load(File));
        var paged = new Interpreter(Load(new ArraySource(File)));
        Assert.True(paged.Model.PageBytes > 0);
        Assert.True(paged.Model.ResidentBytes + paged.Model.PageBytes < File.Length);
        for (int seed = 0; seed < 20; seed++)
            Assert.Equal(Output(whole, seed), Output(paged, seed));
        Assert.Equal(Error.None, paged.SelfTest());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_paged_ensemble_of_trees_passes_its_self_test(int seed)
    {
        byte[] file = EmlmCompiler.Compile(RandomTrees.Graph(RandomTrees.Create(seed))).Bytes;

        Assert.Equal(Error.None, new Interpreter(Load(new ArraySource(file))).SelfTest());
    }

    [Fact]
    public void A_reset_reads_no_weights()
    {
        var source = new ArraySource(File);
        var interpreter = new Interpreter(Load(source));
        int reads = source.Reads;
        interpreter.ResetState();
        Assert.Equal(reads, source.Reads);
    }

    [Fact]
    public void A_model_in_RAM_has_no_page()
    {
        Model model = Model.Load(File);
        Assert.Equal(0, model.PageBytes);
        Assert.Equal(File.Length, model.ResidentBytes);
    }

    [Fact]
    public void A_page_that_is_too_small_for_a_layer_is_refused()
    {
        int needed = Load(new ArraySource(File)).PageBytes;
        Assert.Equal(Error.None, Model.TryLoad(new ArraySource(File), needed, out _));
        Assert.Equal(Error.PageTooSmall, Model.TryLoad(new ArraySource(File), needed - 1, out Model model));
        Assert.Null(model);
    }

    [Fact]
    public void A_source_that_fails_at_any_read_fails_the_load_or_the_inference_and_nothing_else()
    {
        var source = new ArraySource(File);
        Model model = Load(source);
        int loads = source.Reads;
        for (int reads = 0; reads < loads; reads++)
            Assert.Equal(Error.SourceFailed, Model.TryLoad(new ArraySource(File) { ReadsMax = reads }, Page, out _));
        var interpreter = new Interpreter(model);
        sbyte[] expected = Output(interpreter, 1);
        source.ReadsMax = source.Reads + 1;
        Assert.Equal(Error.SourceFailed, Assert.Throws<ModelException>(() => Output(interpreter, 1)).Error);
        source.ReadsMax = int.MaxValue;
        Assert.Equal(expected, Output(interpreter, 1));
    }

    [Fact]
    public void A_damaged_file_has_the_same_error_paged_and_in_RAM()
    {
        Gen<byte[]> damaged =
            from place in Gen.Choose(0, File.Length - 5)
            from value in Gen.Choose(0, 255)
            from repair in Gen.Elements(true, true, true, false)
            select repair ? ModelBytes.WithByte(File, place, value) : Changed(place, value);
        Gen<byte[]> cut = from length in Gen.Choose(0, File.Length) from repair in Gen.Elements(true, false) select repair ? ModelBytes.Repair(File[..length]) : File[..length];
        Prop.ForAll(Arb.From(Gen.OneOf(damaged, cut)), file =>
        {
            Error whole = Model.TryLoad(file, out _);
            Assert.Equal(whole, Model.TryLoad(new ArraySource(file), int.MaxValue, out _));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Ad01_with_270_KB_of_weights_runs_in_24_KB_of_RAM()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        byte[] file = EmlmCompiler.Compile(ModelLoader.Load(CompiledModels.GoldenPath("ad01_int8")), new EmitOptions { ScratchBytes = 4096, PageBytes = 8192 }).Bytes;
        Model model = Load(new ArraySource(file));
        int heap = model.ResidentBytes + model.PageBytes + model.ArenaBytes + model.ScratchBytes;
        Assert.InRange(heap, 1, 24 * 1024);
        var interpreter = new Interpreter(model);
        foreach (string set in new[] { "real", "random" })
        {
            sbyte[] inputs = Bytes($"input_{set}.bin");
            sbyte[] expected = Bytes($"output_{set}.bin");
            var output = new sbyte[640];
            for (int i = 0; i < inputs.Length; i += output.Length)
            {
                interpreter.SetInput(0, inputs[i..(i + output.Length)]);
                interpreter.Invoke();
                interpreter.GetOutput(0, output);
                Assert.Equal(expected[i..(i + output.Length)], output);
            }
        }
    }

    private static sbyte[] Bytes(string name) => (sbyte[])(Array)System.IO.File.ReadAllBytes(SharedData.File("golden", "ad01_int8", name));

    private static Model Load(ByteSource source)
    {
        Assert.Equal(Error.None, Model.TryLoad(source, Page, out Model model));
        return model;
    }

    private static byte[] Changed(int place, int value)
    {
        byte[] copy = [.. File];
        copy[place] = (byte)value;
        return copy;
    }

    private static sbyte[] Output(Interpreter interpreter, int seed)
    {
        var random = new Random(seed);
        interpreter.SetInput(0, Array.ConvertAll(new float[64], _ => random.NextSingle()));
        interpreter.Invoke();
        var output = new sbyte[10];
        interpreter.GetOutput(0, output);
        return output;
    }
}
