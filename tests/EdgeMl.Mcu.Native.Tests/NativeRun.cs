using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Native.Tests;

/// <summary>A model and the bytes of its inputs, sample by sample, as they lie in the arena.</summary>
public sealed record NativeCase(string Name, byte[] Model, byte[] Inputs, bool CarriesState = false);

/// <summary>What the native runtime made of a case.</summary>
/// <param name="Error">Why the model did not load; nothing else is known then.</param>
/// <param name="SelfTest">Result of the self-test.</param>
/// <param name="ArenaBytes">Bytes of activations.</param>
/// <param name="ScratchBytes">Bytes that kernels need beside them.</param>
/// <param name="Instructions">Instructions of all samples; 0 where they are not counted.</param>
/// <param name="LayerInstructions">Instructions of each layer for the last sample.</param>
/// <param name="Outputs">Outputs of all samples.</param>
public sealed record NativeRun(Error Error, Error SelfTest, int ArenaBytes, int ScratchBytes, long Instructions, uint[] LayerInstructions, byte[] Outputs)
{
    /// <summary>Runs cases in one process.</summary>
    public static IReadOnlyList<NativeRun> Execute(NativeDriver driver, IReadOnlyList<NativeCase> cases)
    {
        using var folder = new TemporaryFolder();
        using var batch = new MemoryStream();
        using var writer = new BinaryWriter(batch);
        writer.Write(cases.Count);
        foreach (NativeCase item in cases)
        {
            writer.Write(item.CarriesState ? 1 : 0);
            WriteBytes(writer, item.Model);
            WriteBytes(writer, item.Inputs);
        }
        string input = folder.Write("batch.in", batch.ToArray());
        string output = folder.File("batch.out");
        driver.Run("--batch", input, output);
        using var reader = new BinaryReader(new MemoryStream(File.ReadAllBytes(output)));
        NativeRun[] runs = [.. cases.Select(_ => Read(reader))];
        Assert.Equal(reader.BaseStream.Length, reader.BaseStream.Position);
        return runs;
    }

    private static void WriteBytes(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static NativeRun Read(BinaryReader reader)
    {
        var error = (Error)reader.ReadInt32();
        if (error != Error.None)
            return new NativeRun(error, Error.None, 0, 0, 0, [], []);
        var selfTest = (Error)reader.ReadInt32();
        int arena = reader.ReadInt32();
        int scratch = reader.ReadInt32();
        int layers = reader.ReadInt32();
        long instructions = reader.ReadUInt32();
        uint[] perLayer = [.. Enumerable.Range(0, layers).Select(_ => reader.ReadUInt32())];
        return new NativeRun(error, selfTest, arena, scratch, instructions, perLayer, reader.ReadBytes(reader.ReadInt32()));
    }
}
