using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Tests;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Import;
using EdgeMl.Mcu.Toolchain.Tests.Golden;
using EdgeMl.Mcu.Toolchain.Tests.Variants;

namespace EdgeMl.Mcu.Native.Tests;

/// <summary>Files that are damaged, or made to harm, on a build that stops at reads and writes outside objects and at undefined arithmetic.</summary>
public sealed class DamagedModelTests(ITestOutputHelper log)
{
    /// <summary>Larger arenas than a device has are not run here.</summary>
    private const int ArenaBytesMax = 1 << 20;

    private const int MutationsPerOperator = 12;

    [Fact]
    public void Damaged_files_give_the_managed_runtime_s_errors()
    {
        Assert.SkipUnless(NativeDriver.Sanitized.IsAvailable, NativeDriver.Sanitized.Missing);
        IEnumerable<byte[]> files = [.. CompiledModels.Digits.SelectMany(name => Damaged(CompiledModels.Get(name).Bytes))];

        Error[] errors = Compare(files);

        Assert.Superset(
            new HashSet<Error>([Error.None, Error.Truncated, Error.NotAModel, Error.FormatVersion, Error.RuntimeTooOld, Error.TrailingData, Error.Checksum, Error.BadHeader, Error.BadTensor, Error.UnknownKernel, Error.BadLayer, Error.BadString, Error.BadSelfTest]),
            errors.ToHashSet());
    }

    [Fact]
    public void Layers_with_any_parameters_are_refused_where_the_managed_runtime_refuses_them_or_run()
    {
        Assert.SkipUnless(NativeDriver.Sanitized.IsAvailable, NativeDriver.Sanitized.Missing);
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        var random = new Random(1);
        Compare(GoldenCase.All.Select(Compile).Where(file => file is not null && HostileFile.ParameterOffsets(file).Any())
            .SelectMany(file => Enumerable.Range(0, MutationsPerOperator).Select(_ => HostileFile.Mutate(file!, random))));
    }

    [Fact]
    public void Packed_layers_with_any_parameters_are_refused_where_the_managed_runtime_refuses_them_or_run()
    {
        Assert.SkipUnless(NativeDriver.Sanitized.IsAvailable, NativeDriver.Sanitized.Missing);
        var random = new Random(2);
        IEnumerable<byte[]> packed = Enumerable.Range(0, 40).SelectMany(seed => ForcedVariant.All(RandomConvolution.Create(seed), 16 * 1024).OrderBy(_ => random.Next()).Take(4)).Select(variant => variant.File);
        Compare(packed.Concat(CompiledModels.Golden.Intersect(["kws_ref_int8", "mnist_resnet_int8", "hello_world_int8"]).Select(name => CompiledModels.Get(name).Bytes))
            .SelectMany(file => Enumerable.Range(0, MutationsPerOperator).Select(_ => HostileFile.Mutate(file, random))));
    }

    [Fact]
    public void The_native_runtime_has_the_opcodes_of_the_managed_one()
    {
        Assert.SkipUnless(NativeDriver.Sanitized.IsAvailable, NativeDriver.Sanitized.Missing);
        byte[] intact = CompiledModels.Get(CompiledModels.Digits[0]).Bytes;
        int record = ModelBytes.Int(intact, ModelFormat.Header.LayersOffset);

        Error[] errors = Compare(Enumerable.Range(0, 256).Select(opCode => ModelBytes.WithByte(intact, record + ModelFormat.LayerRecord.OpCodeOffset, opCode)));

        Assert.Equal(256 - Enum.GetValues<OpCode>().Length, errors.Count(error => error == Error.UnknownKernel));
    }

    /// <summary>Loads files on both runtimes, and runs the small ones that load; gives the errors. Outputs are not compared: what a layer gives that overwrites its own input depends on the order of its loops.</summary>
    private Error[] Compare(IEnumerable<byte[]> files)
    {
        NativeCase[] cases = [.. files.Select(file => new NativeCase("damaged", file, [])).Where(item => IsSmall(item.Model))];
        Error[] expected = [.. cases.Select(item => Model.TryLoad(item.Model, out _))];
        for (int i = 0; i < cases.Length; i++)
        {
            if (expected[i] == Error.None)
                cases[i] = cases[i] with { Inputs = ManagedRun.RandomInputs(Model.Load(cases[i].Model), 1, i) };
        }

        IReadOnlyList<NativeRun> runs = NativeRun.Execute(NativeDriver.Sanitized, cases);

        for (int i = 0; i < cases.Length; i++)
            Assert.True(expected[i] == runs[i].Error, $"file {i}: {runs[i].Error} instead of {expected[i]}");
        log.WriteLine($"{cases.Length} files: {string.Join(", ", expected.GroupBy(error => error).OrderBy(group => group.Key).Select(group => $"{group.Key} {group.Count()}"))}");
        return expected;
    }

    private static bool IsSmall(byte[] file) =>
        Model.TryLoad(file, out Model model) != Error.None || (model.ArenaBytes <= ArenaBytesMax && model.ScratchBytes <= ArenaBytesMax);

    /// <summary>Copies with and without a checksum made right, each field of header, records and tables changed, cuts and additions.</summary>
    private static IEnumerable<byte[]> Damaged(byte[] intact)
    {
        var random = new Random(3);
        int weights = ModelBytes.Int(intact, ModelFormat.Header.WeightsOffset);
        for (int i = 0; i < weights; i += random.Next(1, 4))
            yield return ModelBytes.WithByte(intact, i, random.Next(4) switch { 0 => 0, 1 => 0x7F, 2 => 0xFF, _ => intact[i] ^ 4 });
        for (int length = 0; length < intact.Length; length += random.Next(1, 500))
            yield return intact[..length];
        yield return [.. intact, 0];
        foreach (byte[] damaged in Mutations.Of(intact, 300, seed: 5))
        {
            yield return damaged;
            yield return ModelBytes.Repair([.. damaged]);
        }
    }

    private static byte[]? Compile(GoldenCase item)
    {
        try
        {
            return EmlmCompiler.Compile(ModelLoader.Load(item.ModelPath), new EmitOptions { ScratchBytes = 0 }).Bytes;
        }
        catch (ToolchainException)
        {
            return null;
        }
    }
}
