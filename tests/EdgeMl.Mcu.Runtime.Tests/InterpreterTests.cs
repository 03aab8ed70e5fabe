using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Runtime.Tests;

public class InterpreterTests
{
    private static readonly byte[] File = CompiledModels.Get("digits_cnn").Bytes;
    private static readonly Model Model = Model.Load(File);

    private static int Needed => Model.ArenaBytes + Model.StripBytes;

    [Fact]
    public void An_arena_that_is_too_small_is_refused_before_it_is_allocated()
    {
        foreach (int bytes in new[] { int.MinValue, -1, 0, Needed - 1 })
            ShouldFail(Error.ArenaTooSmall, () => new Interpreter(Model, bytes));
        ShouldFail(Error.ArenaTooSmall, () => new Interpreter(Model, new sbyte[Needed - 1]));
        Assert.Equal(Needed + 7, new Interpreter(Model, Needed + 7).Arena.Length);
        Assert.Equal(Needed, new Interpreter(Model).Arena.Length);
    }

    [Fact]
    public void Tensors_that_do_not_exist_are_refused()
    {
        var interpreter = new Interpreter(Model);
        foreach (int index in new[] { -1, 1, int.MaxValue, int.MinValue })
        {
            ShouldFail(Error.NoSuchTensor, () => Model.Input(index));
            ShouldFail(Error.NoSuchTensor, () => Model.Output(index));
            ShouldFail(Error.NoSuchTensor, () => interpreter.SetInput(index, new sbyte[64]));
            ShouldFail(Error.NoSuchTensor, () => interpreter.SetInput(index, new float[64]));
            ShouldFail(Error.NoSuchTensor, () => interpreter.GetOutput(index, new sbyte[10]));
            ShouldFail(Error.NoSuchTensor, () => interpreter.GetOutput(index, new float[10]));
            ShouldFail(Error.NoSuchTensor, () => interpreter.ArgMax(index));
        }
    }

    [Fact]
    public void Arrays_of_another_length_are_refused()
    {
        var interpreter = new Interpreter(Model);
        foreach (int length in new[] { 0, 9, 11, 63, 65 })
        {
            ShouldFail(Error.WrongLength, () => interpreter.SetInput(0, new sbyte[length]));
            ShouldFail(Error.WrongLength, () => interpreter.SetInput(0, new float[length]));
            ShouldFail(Error.WrongLength, () => interpreter.GetOutput(0, new sbyte[length]));
            ShouldFail(Error.WrongLength, () => interpreter.GetOutput(0, new float[length]));
        }
    }

    [Fact]
    public void Arrays_of_another_type_are_refused()
    {
        var interpreter = new Interpreter(Model);
        ShouldFail(Error.WrongType, () => interpreter.SetInput(0, new short[64]));
        ShouldFail(Error.WrongType, () => interpreter.SetInput(0, new int[64]));
        ShouldFail(Error.WrongType, () => interpreter.GetOutput(0, new short[10]));
        ShouldFail(Error.WrongType, () => interpreter.GetOutput(0, new int[10]));
    }

    [Fact]
    public void Real_values_are_refused_where_the_tensor_holds_integers()
    {
        foreach ((TensorType type, bool output) in new[] { (TensorType.Int32, false), (TensorType.Int64, true) })
        {
            int record = ModelBytes.TensorRecord(output ? 1 : 0);
            byte[] other = ModelBytes.Changed(File, copy =>
            {
                copy[record + ModelFormat.TensorRecord.TypeOffset] = (byte)type;
                copy[record + ModelFormat.TensorRecord.EdgeOffset] = 0;
                copy.AsSpan(ModelFormat.Header.SelfTestOffset, 4).Clear();
                copy.AsSpan(record + ModelFormat.TensorRecord.ArenaOffset, 4).Clear();
            });
            var interpreter = new Interpreter(Model.Load(other));
            if (output)
                ShouldFail(Error.WrongType, () => interpreter.GetOutput(0, new float[10]));
            else
                ShouldFail(Error.WrongType, () => interpreter.SetInput(0, new float[64]));
        }
    }

    [Fact]
    public void Steps_run_one_layer_each_and_end_as_Invoke_does()
    {
        var whole = new Interpreter(Model);
        var stepped = new Interpreter(Model);
        SetInput(whole, 1);
        SetInput(stepped, 1);
        whole.Invoke();
        for (int i = 0; i < Model.LayerCount; i++)
            Assert.True(stepped.Step());
        Assert.False(stepped.Step());
        Assert.False(stepped.Step());
        Assert.Equal(Output(whole), Output(stepped));
    }

    [Fact]
    public void Restart_and_Invoke_begin_with_the_first_layer()
    {
        var interpreter = new Interpreter(Model);
        SetInput(interpreter, 2);
        interpreter.Invoke();
        sbyte[] expected = Output(interpreter);
        foreach (Action begin in new Action[] { interpreter.Restart, () => { } })
        {
            interpreter.Step();
            interpreter.Step();
            begin();
            SetInput(interpreter, 2);
            interpreter.Invoke();
            Assert.Equal(expected, Output(interpreter));
        }
    }

    [Fact]
    public void Interpreters_share_a_model_and_models_share_an_arena()
    {
        var arena = new sbyte[Needed];
        var first = new Interpreter(Model, arena);
        var second = new Interpreter(Model, arena);
        var alone = new Interpreter(Model);
        foreach (Interpreter interpreter in new[] { first, second, alone })
        {
            SetInput(interpreter, 3);
            interpreter.Invoke();
        }
        Assert.Same(first.Arena, second.Arena);
        Assert.Same(Model, first.Model);
        Assert.Equal(Output(alone), Output(first));
    }

    [Fact]
    public void ArgMax_is_the_lowest_index_among_equals()
    {
        var interpreter = new Interpreter(Model);
        Span<sbyte> output = interpreter.Arena.AsSpan(Model.Output(0).ArenaOffset, 10);
        output.Fill(-128);
        Assert.Equal(0, interpreter.ArgMax(0));
        output[4] = output[7] = 5;
        Assert.Equal(4, interpreter.ArgMax(0));
        output[9] = 6;
        Assert.Equal(9, interpreter.ArgMax(0));
    }

    [Fact]
    public void The_self_test_passes_on_an_intact_model_again_and_again()
    {
        var interpreter = new Interpreter(Model);
        Assert.Equal(Error.None, interpreter.SelfTest());
        Assert.Equal(Error.None, interpreter.SelfTest());
    }

    [Fact]
    public void A_model_without_a_self_test_says_so() =>
        Assert.Equal(Error.NoSelfTest, new Interpreter(Model.Load(ModelBytes.WithoutSelfTest(File))).SelfTest());

    [Fact]
    public void The_self_test_finds_every_other_output()
    {
        int outputs = ModelBytes.Int(File, ModelFormat.Header.SelfTestOffset) + ModelFormat.SelfTestRecord.OutputsOffset;
        for (int i = 0; i < Model.Output(0).Count; i++)
        {
            byte[] other = ModelBytes.WithByte(File, outputs + i, File[outputs + i] + 1);
            Assert.Equal(Error.SelfTestFailed, new Interpreter(Model.Load(other)).SelfTest());
        }
    }

    [Fact]
    public void The_self_test_finds_a_good_part_of_single_wrong_weights()
    {
        int start = ModelBytes.Int(File, ModelFormat.Header.WeightsOffset);
        int length = ModelBytes.Int(File, ModelFormat.Header.WeightsLengthOffset);
        int loaded = 0;
        int found = 0;
        for (int i = start; i < start + length; i += 3)
        {
            if (Model.TryLoad(ModelBytes.WithByte(File, i, File[i] ^ 0x40), out Model changed) != Error.None)
                continue;
            loaded++;
            if (new Interpreter(changed).SelfTest() == Error.SelfTestFailed)
                found++;
        }
        Assert.InRange(found, loaded / 3, loaded);
    }

    private static void SetInput(Interpreter interpreter, int seed)
    {
        var random = new Random(seed);
        interpreter.SetInput(0, Array.ConvertAll(new float[64], _ => random.NextSingle()));
    }

    private static sbyte[] Output(Interpreter interpreter)
    {
        var output = new sbyte[10];
        interpreter.GetOutput(0, output);
        return output;
    }

    private static void ShouldFail(Error error, Func<object> action) => Assert.Equal(error, Assert.Throws<ModelException>(action).Error);

    private static void ShouldFail(Error error, Action action) => Assert.Equal(error, Assert.Throws<ModelException>(action).Error);
}
