using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Bench.Hil.Models;

/// <summary>A device model with the outputs that it must give, bit for bit.</summary>
/// <param name="Name">Name in the report.</param>
/// <param name="File">The .emlm file.</param>
/// <param name="Vectors">What it must reproduce; at least one.</param>
public sealed record GoldenModel(string Name, byte[] File, IReadOnlyList<GoldenVector> Vectors)
{
    /// <summary>All inputs of the first vector, one after another.</summary>
    public byte[] FirstInputs => [.. Vectors[0].Inputs.SelectMany(input => input)];

    /// <summary>The same model with another self-test, which makes its file another one; a model without a self-test stays as it is.</summary>
    /// <param name="seed">Makes the inputs of the self-test; not 0.</param>
    public GoldenModel WithSelfTest(uint seed)
    {
        Model model = Load(Name, File);
        if (!model.HasSelfTest)
            return this;
        byte[] file = [.. File];
        int offset = BitConverter.ToInt32(file, ModelFormat.Header.SelfTestOffset);
        BitConverter.TryWriteBytes(file.AsSpan(offset + ModelFormat.SelfTestRecord.SeedOffset), seed);
        var interpreter = new Interpreter(model);
        for (int i = 0; i < model.InputCount; i++)
            seed = SelfTestVector.Fill(interpreter.Arena, model.Input(i).ArenaOffset, model.Input(i).ByteCount, seed);
        interpreter.Invoke();
        offset += ModelFormat.SelfTestRecord.OutputsOffset;
        for (int i = 0; i < model.OutputCount; i++)
        {
            byte[] output = new byte[model.Output(i).ByteCount];
            interpreter.GetOutput(i, output);
            output.CopyTo(file, offset);
            offset += output.Length;
        }
        BitConverter.TryWriteBytes(file.AsSpan(file.Length - sizeof(uint)), Crc32.Compute(file, 0, file.Length - sizeof(uint)));
        return this with { File = file };
    }

    /// <summary>The vector that a model carries in itself; null where it has none.</summary>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.BenchModel"/>: the file is no model.</exception>
    public static GoldenVector? SelfTestOf(string name, byte[] file)
    {
        Model model = Load(name, file);
        if (!model.HasSelfTest)
            return null;
        int offset = BitConverter.ToInt32(file, ModelFormat.Header.SelfTestOffset);
        uint seed = BitConverter.ToUInt32(file, offset + ModelFormat.SelfTestRecord.SeedOffset);
        var inputs = new byte[model.InputCount][];
        for (int i = 0; i < inputs.Length; i++)
        {
            var values = new sbyte[model.Input(i).ByteCount];
            seed = SelfTestVector.Fill(values, 0, values.Length, seed);
            inputs[i] = Array.ConvertAll(values, value => (byte)value);
        }
        offset += ModelFormat.SelfTestRecord.OutputsOffset;
        var outputs = new byte[model.OutputCount][];
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = file.AsSpan(offset, model.Output(i).ByteCount).ToArray();
            offset += outputs[i].Length;
        }
        return new GoldenVector("self-test", inputs, outputs);
    }

    private static Model Load(string name, byte[] file)
    {
        Error error = Model.TryLoad(file, out Model model);
        return error == Error.None ? model
            : throw new BenchException(BenchErrorCodes.BenchModel, $"The model '{name}' cannot be loaded: {error}.", "Convert it again with this version of the tool.");
    }
}

/// <summary>One inference, in the device's own order and types, elements little-endian.</summary>
/// <param name="Name">Which sample it is.</param>
/// <param name="Inputs">Bytes of each input.</param>
/// <param name="Outputs">Bytes of each output.</param>
public sealed record GoldenVector(string Name, IReadOnlyList<byte[]> Inputs, IReadOnlyList<byte[]> Outputs)
{
    /// <summary>The first byte in which a board's outputs are others; null where all are equal.</summary>
    /// <param name="actual">All outputs, one after another.</param>
    public Difference? FirstDifference(ReadOnlySpan<byte> actual)
    {
        for (int output = 0; output < Outputs.Count; output++)
        {
            byte[] expected = Outputs[output];
            ReadOnlySpan<byte> found = output == Outputs.Count - 1 ? actual : actual[..Math.Min(expected.Length, actual.Length)];
            int same = expected.AsSpan().CommonPrefixLength(found);
            if (same < expected.Length || same < found.Length)
                return new Difference(Name, output, same, same < expected.Length ? expected[same] : null, same < found.Length ? found[same] : null);
            actual = actual[found.Length..];
        }
        return null;
    }
}

/// <summary>Where a board's output is another one than it must be.</summary>
/// <param name="Vector">Which sample.</param>
/// <param name="Output">Index of the output.</param>
/// <param name="Index">Index of the byte.</param>
/// <param name="Expected">The byte that should be there; null behind the end.</param>
/// <param name="Actual">The byte that the board gave; null where it gave no more.</param>
public sealed record Difference(string Vector, int Output, int Index, byte? Expected, byte? Actual)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Vector}, byte {Index} of output {Output}: expected {Text(Expected)}, got {Text(Actual)}";

    private static string Text(byte? value) => value is { } number ? $"0x{number:X2}" : "nothing";
}
