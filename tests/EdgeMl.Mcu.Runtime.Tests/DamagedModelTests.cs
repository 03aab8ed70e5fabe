using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Runtime.Tests;

/// <summary>
/// Damaged files, with and without a checksum made right again: the first are always refused, the second refused or run. Whatever a file says, nothing but
/// the arena and the scratch that its header names is allocated.
/// </summary>
public class DamagedModelTests
{
    /// <summary>Larger arenas than a device has are not run here.</summary>
    private const int ArenaBytesMax = 1 << 20;

    private const int LoadBytesMax = 16 << 10;

    public static TheoryData<string> Models() => [.. CompiledModels.Digits, .. CompiledModels.Golden.Intersect(["hello_world_int8", "magic_wand_int8"])];

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_changed_byte_is_found_by_the_checksum_or_before(string name)
    {
        byte[] intact = CompiledModels.Get(name).Bytes;
        byte[] damaged = [.. intact];
        var random = new Random(1);
        for (int i = 0; i < intact.Length; i++)
        {
            damaged[i] ^= (byte)(1 << random.Next(8));
            Assert.NotEqual(Error.None, Model.TryLoad(damaged, out _));
            damaged[i] = intact[i];
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_cut_and_every_added_byte_is_found(string name)
    {
        byte[] intact = CompiledModels.Get(name).Bytes;
        for (int length = 0; length < intact.Length; length++)
            Assert.Equal(Error.Truncated, Model.TryLoad(intact[..length], out _));
        Assert.Equal(Error.TrailingData, Model.TryLoad([.. intact, 0], out _));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_changed_byte_of_header_records_and_tables_gives_an_error_or_a_model_that_runs(string name)
    {
        byte[] intact = CompiledModels.Get(name).Bytes;
        int weights = ModelBytes.Int(intact, Format.ModelFormat.Header.WeightsOffset);
        for (int i = 0; i < weights; i++)
        {
            foreach (int value in new[] { 0, 0x7F, 0xFF, intact[i] ^ 4, intact[i] + 1 })
                LoadAndRun(ModelBytes.WithByte(intact, i, value));
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Any_other_damage_gives_an_error_or_a_model_that_runs(string name)
    {
        byte[] intact = CompiledModels.Get(name).Bytes;
        foreach (byte[] damaged in Mutations.Of(intact, 5_000, seed: 11))
            LoadAndRun(ModelBytes.Repair(damaged));
    }

    private static void LoadAndRun(byte[] file)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Error error = Model.TryLoad(file, out Model model);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, LoadBytesMax);
        if (error != Error.None || model.ArenaBytes > ArenaBytesMax || model.ScratchBytes > ArenaBytesMax)
            return;
        var interpreter = new Interpreter(model);
        if (interpreter.SelfTest() == Error.NoSelfTest)
            interpreter.Invoke();
        for (int i = 0; i < model.InputCount; i++)
        {
            ReadNames(model.Input(i));
            interpreter.SetInput(i, new byte[model.Input(i).ByteCount]);
        }
        for (int i = 0; i < model.OutputCount; i++)
        {
            ReadNames(model.Output(i));
            if (model.Output(i).ElementType != Format.TensorType.Int64)
                interpreter.GetOutput(i, new float[model.Output(i).Count]);
            Assert.InRange(interpreter.ArgMax(i), 0, model.Output(i).Count - 1);
        }
        Assert.NotNull(model.Name);
        for (int i = 0; i < model.LayerCount; i++)
            Assert.NotNull(model.LayerName(i));
    }

    private static void ReadNames(TensorInfo tensor)
    {
        Assert.NotNull(tensor.Name);
        for (int i = 0; i < tensor.LabelCount; i++)
            Assert.NotNull(tensor.Label(i));
        for (int i = 0; i < tensor.SourceRank; i++)
            Assert.InRange(tensor.SourceAxis(i), 0, tensor.SourceRank - 1);
    }
}
