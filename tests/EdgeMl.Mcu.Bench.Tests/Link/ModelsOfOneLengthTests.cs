using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Bench.Tests.Link;

/// <summary>A model ends with its own CRC-32, so that the CRC-32 of the whole file tells nothing but its length; transfers are told apart by another one.</summary>
public class ModelsOfOneLengthTests
{
    private static readonly byte[] First = DenseModels.Compile(8_192, seed: 1).Bytes;
    private static readonly byte[] Second = DenseModels.Compile(8_192, seed: 2).Bytes;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_second_model_of_the_length_of_the_first_takes_its_place()
    {
        Assert.Equal((First.Length, Crc32.Compute(First, 0, First.Length)), (Second.Length, Crc32.Compute(Second, 0, Second.Length)));
        using var line = new ServedLine(new TestBoard());
        byte[] input = [.. Enumerable.Range(0, 64).Select(i => (byte)(37 * i))];

        foreach (byte[] model in new[] { First, Second, First })
        {
            line.Client.PutModel(model, cancellationToken: Token);

            Assert.Equal(Expected(model, input), line.Client.Run(input, cancellationToken: Token).Outputs);
        }
    }

    private static byte[] Expected(byte[] model, byte[] input)
    {
        var interpreter = new Interpreter(Model.Load(model));
        interpreter.SetInput(0, input);
        interpreter.Invoke();
        byte[] output = new byte[interpreter.Model.Output(0).ByteCount];
        interpreter.GetOutput(0, output);
        return output;
    }
}
